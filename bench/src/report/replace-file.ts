import { rename, writeFile } from "node:fs/promises";

/** Writes the file as a whole: who reads it, or is ended in the middle of it, has the old one or the new one. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, text);
  await rename(part, file);
}
