import { InvalidIdError } from "./invalid-id-error.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A job's id as a part of a path. Throws an {@link InvalidIdError} where it is none: `..` would be another path, which no
 * encoding keeps it from.
 */
export function idInPath(id: string): string {
  if (!uuid.test(id)) throw new InvalidIdError(id);
  return id;
}
