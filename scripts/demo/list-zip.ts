import yauzl from "yauzl";

export interface ZipEntry {
  readonly path: string;
  readonly bytes: number;
}

/** The entries of a zip file, as its directory lists them. Throws where the file is no zip. */
export async function listZip(file: string): Promise<readonly ZipEntry[]> {
  const zip = await yauzl.openPromise(file);
  try {
    const entries: ZipEntry[] = [];
    for await (const { fileName, uncompressedSize } of zip.eachEntry())
      entries.push({ path: fileName, bytes: uncompressedSize });
    return entries;
  } finally {
    zip.close();
  }
}
