import { once } from "node:events";
import { limitRanges, type JobLimits } from "@longshore/shared/domain/limits";
import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import type { StopReason } from "../attempt/stop-reason.ts";
import type { TakeOutputsOptions } from "../sandbox/sandbox-provider.ts";
import { readZip, temporaryStore } from "./archive-fixture.ts";
import { createStoreArchive } from "./create-store-archive.ts";
import { tarEntry } from "./tar-fixture.ts";
import { createWriteArchive } from "./write-archive.ts";

// safety: each limit has a default.
const limits = Object.fromEntries(
  Object.entries(limitRanges).map(([name, range]) => [name, range.default]),
) as JobLimits;

/** A Sandbox that gives a file once it is told that there is a hurry, and then nothing more until it is told to stop. */
const slowSandbox = {
  async *takeOutputs({ hurry }: TakeOutputsOptions, signal: AbortSignal) {
    if (hurry?.aborted === false) await once(hurry, "abort", { signal });
    yield tarEntry({ name: "./kept" }, "kept");
    await once(signal, "abort");
    throw signal.reason;
  },
};

test("a cancel while the outputs are taken keeps what comes within a moment", async () => {
  const { blobStore, pathOf } = temporaryStore();
  const storeArchive = createStoreArchive({
    ...{ writeArchive: createWriteArchive({ blobStore }), versions: {} },
    logger: createLogger("test", "fatal"),
  });
  const stopping = new AbortController();
  const stored = storeArchive({
    ...{ key: "one.zip", jobId: "01980000-0000-7000-8000-000000000000", createdAt: new Date(0), limits },
    ...{ sandbox: slowSandbox, plan: {}, stopping: stopping.signal, fenced: new AbortController().signal },
    async *logs() {},
    hurried: () => stopping.signal.aborted,
    result: (taken) => Promise.resolve(taken),
  });
  stopping.abort("cancelled" satisfies StopReason);
  expect(await stored).toMatchObject({ ok: true, value: { outputFiles: 1 } });
  expect((await readZip(pathOf("one.zip"))).get("outputs/kept")?.content.toString()).toBe("kept");
});
