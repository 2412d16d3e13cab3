import { createHash } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface TreeShape {
  readonly name: string;
  readonly files: number;
  readonly bytesEach: number;
}

/** Files that are on this machine's disk, and that a python program makes again, byte for byte, where it runs. */
export interface Tree {
  /** Of the folder that they are in. */
  readonly name: string;
  readonly code: string;
}

/** Files are made of blocks of at most so many bytes, each a hash of its number: no zip makes them smaller. */
const mostBlockBytes = 1_048_576;
const filesPerFolder = 100;

/** Writes them into a folder of their name in `folder`. */
export async function writeTree(folder: string, { name, files, bytesEach }: TreeShape): Promise<Tree> {
  const blockBytes = Math.min(bytesEach, mostBlockBytes);
  const blocks = bytesEach / blockBytes;
  for (let file = 0; file < files; file += 1) {
    const place = join(folder, name, String(file % filesPerFolder));
    await mkdir(place, { recursive: true });
    const handle = await open(join(place, `${String(file)}.bin`), "w");
    for (let block = 0; block < blocks; block += 1)
      await writeFile(handle, blockOf(file * blocks + block, blockBytes));
    await handle.close();
  }
  return {
    name,
    code: `import hashlib, os
for file in range(${String(files)}):
    place = f"${name}/{file % ${String(filesPerFolder)}}"
    os.makedirs(place, exist_ok=True)
    with open(f"{place}/{file}.bin", "wb") as made:
        for block in range(${String(blocks)}):
            made.write(hashlib.shake_256(str(file * ${String(blocks)} + block).encode()).digest(${String(blockBytes)}))`,
  };
}

function blockOf(number: number, bytes: number): Buffer {
  return createHash("shake256", { outputLength: bytes }).update(String(number)).digest();
}
