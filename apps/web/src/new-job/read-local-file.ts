import type { JobFile } from "./draft.ts";

/** What the service takes of files together. More is not even read. */
export const mostFileBytes = 10 * 1_024 * 1_024;

/** A file of the reader's machine as a job takes it: as text where it is UTF-8. Rejects where it cannot be read (a folder). */
export async function readLocalFile(file: File): Promise<JobFile> {
  const bytes = await file.arrayBuffer();
  try {
    // A mark at the beginning is part of the file.
    const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { path: file.name, content, encoding: "utf8" };
  } catch {
    return { path: file.name, content: await toBase64(new Blob([bytes])), encoding: "base64" };
  }
}

/** How many bytes a file of a job has. */
export function bytesOf({ content, encoding }: JobFile): number {
  if (encoding !== "base64") return new Blob([content]).size;
  const padding = content.endsWith("==") ? 2 : content.endsWith("=") ? 1 : 0;
  return (content.length / 4) * 3 - padding;
}

function toBase64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const url = typeof reader.result === "string" ? reader.result : "";
      resolve(url.slice(url.indexOf(",") + 1));
    });
    reader.addEventListener("error", () => reject(reader.error ?? new Error("it cannot be read")));
    reader.readAsDataURL(blob);
  });
}
