import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inChunks, tarEndMark, tarHeader } from "../../../apps/worker/src/archive/tar-fixture.ts";
import { readTar } from "../../../apps/worker/src/archive/read-tar.ts";
import { fixedTarLimits } from "../../../apps/worker/src/archive/tar-limits.ts";
import { fuzzFactor, fuzzSettings, fuzzTimeoutMs } from "../fuzz-settings.ts";

const { seed } = fuzzSettings;
const limits = { ...fixedTarLimits, contentBytes: 300_000, entries: 200, ms: 20_000 };
const never = new AbortController().signal;

let real: readonly Buffer[];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tar-fuzz-"));
  const script = [
    "mkdir -p 'a/b c' empty; printf one > 'a/b c/one'; head -c 3000 /dev/zero > zeros; ln -s ../x a/link; ln zeros hard",
    `printf long > "$(printf 'n%.0s' {1..200})"; mkdir -p "$(printf 'd%.0s/' {1..40})"; touch $'\\xff\\xfe' $'new\\nline'`,
  ].join("; ");
  execFileSync("bash", ["-c", script], { cwd: folder });
  real = ["pax", "gnu", "posix"].map((format) =>
    execFileSync("tar", [`--format=${format}`, "--numeric-owner", "-cf", "-", "-C", folder, "."]),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads it all; what may come out of it, whatever went in, is held here. */
async function read(bytes: Buffer, chunk: number): Promise<string> {
  const tar = readTar(inChunks(bytes, chunk), limits, never);
  let [content, entries] = [0, 0];
  for await (const entry of tar.entries) {
    entries += 1;
    expect(entry.size).toBeGreaterThanOrEqual(0);
    expect(entry.path.length).toBeLessThanOrEqual(limits.recordBytes);
    for await (const piece of entry.content) content += piece.length;
  }
  expect(content).toBeLessThanOrEqual(Math.min(bytes.length, limits.contentBytes));
  expect(entries).toBeLessThanOrEqual(limits.entries);
  const end = tar.end();
  if (end.kind !== "complete") expect(end.message).not.toBe("");
  return end.kind;
}

const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });

test(
  `archives of tar itself are read whole, and mutated ones are read or refused (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  async () => {
    for (const each of real) expect(await read(each, 4_096)).toBe("complete");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        flips,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 3_000 }),
        async (which, changes, from, to, chunk) => {
          const bytes = Buffer.from(real[which] ?? "");
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          // Sometimes a part is cut out, on a block or not.
          const [start, end] = [from % bytes.length, to % bytes.length];
          const cut =
            from % 3 === 0 && start < end
              ? Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
              : bytes;
          await read(cut, chunk);
        },
      ),
      { seed, numRuns: 100 * fuzzFactor },
    );
  },
);

test(
  `headers of any fields with right checksums are read or refused (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  async () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((given) => Buffer.from(given));
    const field = fc.oneof(
      bytes(12),
      fc
        .constantFrom(
          "00000000000\0",
          "00000001000\0",
          "77777777777\0",
          "-0000000001\0",
          "            ",
          "0x1",
          "",
        )
        .map((given) => Buffer.from(given)),
      fc.constantFrom(Buffer.alloc(12, 0xff), Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0x7f)])),
    );
    const header = fc.record({
      name: bytes(100),
      link: bytes(100),
      prefix: fc.string({ maxLength: 155 }),
      type: fc.constantFrom(..."0 1 2 3 4 5 6 7 x g L K N S D M V Z A \0".split(" ")),
      mode: fc.string({ maxLength: 8 }),
      size: field,
      mtime: field,
      magic: fc.constantFrom("ustar\x0000", "ustar  \0", "\0\0\0\0\0\0\0\0", "tartar\0\0"),
      at482: fc.nat(255),
    });
    const block = fc.oneof(
      { weight: 3, arbitrary: header.map(tarHeader) },
      bytes(512).map((given) => Buffer.concat([given, Buffer.alloc(512 - given.length)])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 12 }), fc.boolean(), async (blocks, ended) => {
        await read(Buffer.concat([...blocks, ended ? tarEndMark : Buffer.alloc(0)]), 700);
      }),
      { seed, numRuns: 200 * fuzzFactor },
    );
  },
);
