import { InvalidPathError } from "./invalid-path-error.ts";

/**
 * A file's path as a part of a URL's, its names encoded one by one. Throws an {@link InvalidPathError} where it can be none:
 * a URL resolves `.` and `..` whatever is done to them (URL Standard, 4.5), and would ask another route.
 */
export function fileInPath(file: string): string {
  if (/\p{Surrogate}/u.test(file)) throw new InvalidPathError(file, "half a character is in it");
  const names = file.split("/");
  for (const name of names) {
    if (name === "") throw new InvalidPathError(file, "a name in it is empty");
    if (name === "." || name === "..") throw new InvalidPathError(file, `"${name}" is in it`);
  }
  return names.map(encodeURIComponent).join("/");
}
