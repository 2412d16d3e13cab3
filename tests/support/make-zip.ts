import { ZipArchive } from "archiver";
import { buffer } from "node:stream/consumers";

/** A zip of these entries, in their order; a path that ends with `/` is a folder, and `{ to }` a symlink. */
export async function makeZip(
  entries: Readonly<Record<string, Buffer | string | { readonly to: string }>>,
  compressed = true,
): Promise<Buffer> {
  const zip = new ZipArchive({ store: !compressed });
  for (const [name, content] of Object.entries(entries)) {
    if (typeof content === "object" && "to" in content) zip.symlink(name, content.to);
    else zip.append(content, { name });
  }
  const [bytes] = await Promise.all([buffer(zip), zip.finalize()]);
  return bytes;
}
