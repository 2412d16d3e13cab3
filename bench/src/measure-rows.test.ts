import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toFigure } from "./figures/figure.ts";
import { measureRows } from "./measure-rows.ts";
import { createResultKeeper } from "./report/create-result-keeper.ts";
import type { RowResult } from "./report/row-result.ts";
import { allRows } from "./rows/all-rows.ts";

const machine = {
  ...{ processor: "a processor", processors: 2, memory_mb: 1_024 },
  ...{ system: "Linux 6", node: "v24", engine: "Docker 29" },
};
const run = { measured_at: "2026-01-01T00:00:00.000Z", commit: "abc", quick: false, machine };
const figure = toFigure({ name: "first line", unit: "ms", own: [1, 2, 3] });

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-rows-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Measures the first three rows, and is stopped in the second. */
function stoppedRun(folder: string, profile: boolean): Promise<unknown> {
  const stop = new AbortController();
  return measureRows(allRows.slice(0, 3), {
    run: { ...run, command: "npm run bench" },
    stop: stop.signal,
    measure: ({ number }) => {
      if (number === 2) stop.abort();
      stop.signal.throwIfAborted();
      return Promise.resolve({ figures: [figure], failure: null, seconds: 1 });
    },
    keep: createResultKeeper(folder, { profile }),
  });
}

test("a run that is stopped has kept the rows that were measured, with their charts", async () => {
  const folder = await newFolder();
  await expect(stoppedRun(folder, false)).rejects.toThrow("aborted");
  const { rows } = JSON.parse(await readFile(join(folder, "results.json"), "utf8")) as { rows: RowResult[] };
  expect(rows.map(({ number, figures }) => [number, figures[0]?.own?.p50])).toEqual([[1, 2]]);
  expect(await readdir(join(folder, "charts"))).toEqual(["01-cold-start-ms.svg"]);
  expect((await readdir(folder)).toSorted()).toEqual(["charts", "results.json"]);
});

test("a run that profiles keeps no results", async () => {
  const folder = await newFolder();
  await expect(stoppedRun(folder, true)).rejects.toThrow("aborted");
  expect(await readdir(folder)).toEqual([]);
});
