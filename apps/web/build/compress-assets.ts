import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Below this an answer is one packet in either case. */
const worthwhileBytes = 1_024;

/** Writes each text file of the build compressed beside it, as hard as can be: it is done once, and sent often. */
export function compressAssets(): Plugin {
  return {
    name: "compress-assets",
    apply: "build",
    writeBundle: async ({ dir = "" }, bundle) => {
      for (const [name, file] of Object.entries(bundle)) {
        if (!/\.(?:js|css|svg)$/.test(name)) continue;
        const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
        if (bytes.length < worthwhileBytes) continue;
        await writeFile(join(dir, `${name}.br`), compressBrotli(bytes));
        await writeFile(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Brotli's best. */
export function compressBrotli(bytes: Uint8Array): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}
