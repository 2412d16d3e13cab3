import { randomFillSync } from "node:crypto";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { octal, tarEndMark, tarEntry, tarHeader } from "./tar-fixture.ts";
import { createWriteArchive } from "./write-archive.ts";

// Run alone, in a process of its own, by the test of memory: prints by how many MB the process grew at most.
const megabyte = 1_048_576;
const folder = process.argv[2] ?? "";
const writeArchive = createWriteArchive({ blobStore: createFileBlobStore({ folder }) });

async function* largeTar(megabytes: number): AsyncGenerator<Uint8Array> {
  yield tarHeader({ name: "random.bin", size: octal(megabytes * megabyte) });
  for (let count = 0; count < megabytes; count += 1) yield randomFillSync(Buffer.alloc(megabyte));
  yield tarEndMark;
}

async function* smallTar(files: number): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < files; count += 1)
    yield tarEntry({ name: `d${String(count % 100)}/f${String(count)}` }, "x".repeat(1_024));
  yield tarEndMark;
}

async function grownMb(key: string, outputs: AsyncIterable<Uint8Array>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  const content = {
    jobId: "measured",
    createdAt: new Date(0),
    versions: {},
    plan: null,
    outputs,
    result: async () => ({}),
    logs: async function* () {},
  };
  const limits = { outputBytes: 2_000 * megabyte, outputMs: 60_000 };
  const result = await writeArchive(key, content, limits, new AbortController().signal);
  clearInterval(timer);
  if (!result.ok) throw new Error(result.failure.message);
  return Math.round((Math.max(most, process.memoryUsage.rss()) - before) / megabyte);
}

const large = await grownMb("large.zip", largeTar(Number(process.argv[3] ?? 150)));
const small = await grownMb("small.zip", smallTar(20_000));
process.stdout.write(JSON.stringify({ large, small }));
