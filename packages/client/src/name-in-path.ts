import { InvalidIdError } from "./invalid-id-error.ts";

const name = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/**
 * The name of a key or a tenant as a part of a path. Throws an {@link InvalidIdError} where it is none, and where it is a key
 * itself, which must stand in no address.
 */
export function nameInPath(given: string): string {
  if (given.startsWith("lsk_") && given.length > "lsk_".length + 8)
    throw new InvalidIdError(
      "lsk_…",
      "an API key has a prefix (lsk_ and 8 characters) and an id: give one of these",
    );
  if (!name.test(given)) throw new InvalidIdError(given, "it is no name of a key or a tenant");
  return given;
}
