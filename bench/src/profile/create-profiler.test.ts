import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProfiler } from "./create-profiler.ts";

const busy =
  "function busy() { const end = Date.now() + 200; while (Date.now() < end) Math.random(); } busy();";

test("of each process of a row there are a profile and a flame chart, of the bench itself, too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "longshore profile "));
  onTestFinished(() => rm(folder, { recursive: true }));
  const profiler = createProfiler(folder);
  await profiler.begin("row");
  for (const part of ["api", "worker-1", "worker-1"]) {
    const child = spawn(process.execPath, ["-e", busy], { env: { ...profiler.settingsOf(part) } });
    await once(child, "exit");
    await profiler.onEnded(part, child.pid ?? 0);
  }
  await profiler.end();
  const made = ["api", "bench", "worker-1", "worker-1.2"].flatMap((name) => [
    `${name}.cpuprofile`,
    `${name}.svg`,
  ]);
  expect((await readdir(join(folder, "row"))).toSorted()).toEqual(made.toSorted());
  expect(await readFile(join(folder, "row", "api.svg"), "utf8")).toContain("busy");
});
