import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toTable } from "./report/write-report.ts";
import { runChaos } from "./run-chaos.ts";

/** A selection that fits into a few minutes; `npm run chaos` injects every kind. */
const faults = [
  ...["worker-kill", "worker-kill-before-start", "worker-kill-after-start", "worker-kill-before-outputs"],
  ...["worker-kill-end-settled", "worker-kill-archive-half", "worker-kill-archive-stored", "worker-sigterm"],
  ...[
    "worker-frozen",
    "worker-without-postgres",
    "api-kill",
    "api-kill-on-insert",
    "redis-kill",
    "redis-flushed",
  ],
  ...["redis-cut", "postgres-kill", "postgres-cut", "engine-cut", "engine-hangs-after-create"],
  ...["engine-hangs-before-kill", "container-killed", "container-paused", "container-removed"],
  ...["message-twice", "message-late", "message-for-nobody", "model-errors", "readers-that-never-read"],
];
const minutes = Number(process.env["LONGSHORE_CHAOS_MINUTES"] ?? "2");

test(
  "under a short storm of faults no job is lost, run twice at once, or told otherwise than it went",
  async ({ signal }) => {
    const folder = await mkdtemp(join(tmpdir(), "longshore-chaos-report-"));
    const report = await runChaos({
      options: {
        ...{ seed: "npm test", minutes, faults, json: null, engineRestart: false },
        ...{ workers: 2, clients: 6, gapMs: 4_000 },
      },
      ...{ folder, stop: signal, say: () => undefined },
    });
    expect(report.violations, `${toTable(report)}\nThe evidence lies in ${folder}`).toEqual([]);
    expect(report.jobs).toBeGreaterThan(10);
    expect(report.faults.length).toBeGreaterThan(10);
    await rm(folder, { recursive: true, force: true });
  },
  (minutes + 7) * 60_000,
);
