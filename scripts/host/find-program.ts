import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where administrators' programs lie; an ordinary user's PATH often leaves them out. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The full path of a program, or null where it is not installed. */
export async function findProgram(name: string, path = process.env["PATH"] ?? ""): Promise<string | null> {
  for (const folder of [...path.split(delimiter), ...SYSTEM_FOLDERS]) {
    const file = join(folder, name);
    const runnable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runnable) return file;
  }
  return null;
}
