import { ProblemError } from "@longshore/client";

/** What the service finds wrong with a request, by the place in it. */
export interface FieldErrors {
  /** Of this place itself, or of anything in it; null where nothing is wrong there. */
  readonly at: (pointer: string) => string | null;
  readonly isEmpty: boolean;
}

/** Reads them from what the service answered. */
export function toFieldErrors(error: Error | null): FieldErrors {
  const errors = error instanceof ProblemError ? error.errors : [];
  return {
    isEmpty: errors.length === 0,
    at: (pointer) => {
      const found = errors.filter(
        (each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`),
      );
      if (found.length === 0) return null;
      // What is in a field that holds many is named by where it is in that.
      return found
        .map((each) =>
          [each.pointer.slice(pointer.length + 1), each.detail].filter((part) => part !== "").join(" "),
        )
        .join("; ");
    },
  };
}
