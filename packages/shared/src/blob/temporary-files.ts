import { randomUUID } from "node:crypto";

const temporaryForm = /^\.([a-z0-9-]+\.zip)\.[0-9a-f-]{36}\.part$/;

/** A name, never used before, for the file in which a blob is written until it is whole. */
export function temporaryName(key: string): string {
  return `.${key}.${randomUUID()}.part`;
}

/** The key of the blob for which a temporary file was made; null for the name of any other file. */
export function keyOfTemporary(name: string): string | null {
  return temporaryForm.exec(name)?.[1] ?? null;
}
