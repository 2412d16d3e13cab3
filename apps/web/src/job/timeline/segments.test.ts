import type { Job, JobEvent } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { applyEvent, type JobHistory, noHistory } from "../history/job-history.ts";
import { toSegments } from "./segments.ts";

const start = Date.parse("2026-01-01T00:00:00.000Z");
const timeAt = (ms: number) => new Date(start + ms).toISOString();
const noTimings = {
  ...{ queued: null, sandbox_start: null, analyze: null, steps: null },
  ...{ compile: null, archive: null, total: null },
};
const job: Parameters<typeof toSegments>[1] = {
  ...{ created_at: timeAt(0), started_at: null, finished_at: null },
  ...{ timings_ms: noTimings, attempt: 1, status: "queued" },
};

/** Plays what happened, each as `[ms, type, data]`. */
function play(...told: readonly (readonly [number, JobEvent["type"], object])[]): JobHistory {
  return told.reduce<JobHistory>((history, [ms, type, data], place) => {
    const seq = place + 1;
    return applyEvent(history, {
      type,
      seq,
      data: { ...data, seq, time: timeAt(ms) },
    } as unknown as JobEvent);
  }, noHistory);
}

const state = (status: Job["status"], node: Job["node"] = null, attempt = 1) => ({ status, node, attempt });
const planned = (...kinds: readonly string[]) => ({
  ...{ source: "model", turns: 1 },
  steps: kinds.map((kind, place) => ({
    ...{ index: place + 1, kind, name: null, status: "pending" },
    ...{ exit_code: null, started_at: null, duration_ms: null },
  })),
});
const step = (index: number, status: string, took: number | null = null, exitCode: number | null = null) => ({
  ...{ attempt: 1, index, kind: "shell", status, exit_code: exitCode, duration_ms: took },
});
const call = (outcome: string, took: number) => ({
  ...{ provider: "primary", model: "m", outcome, duration_ms: took, input_tokens: 1, output_tokens: 1 },
});

const told = (history: JobHistory, of: Partial<typeof job> = {}) =>
  toSegments(history, { ...job, ...of }).map(
    ({ label, from, to, outcome }) =>
      [label, from - start, to === null ? null : to - start, outcome] as const,
  );

describe("the time line", () => {
  test("of a job in the queue has one bar that is still growing", () => {
    expect(told(play([0, "state", state("queued")]))).toEqual([["Queued", 0, null, "running"]]);
  });

  test("of a job that was cancelled in the queue ends there", () => {
    const history = play([0, "state", state("queued")], [500, "state", state("cancelled")]);
    expect(told(history, { finished_at: timeAt(500), status: "cancelled" })).toEqual([
      ["Queued", 0, 500, "ok"],
    ]);
  });

  test("has the calls of models where they were, and steps by how long they took", () => {
    const history = play(
      [0, "state", state("queued")],
      [20, "state", state("running")],
      [25, "state", state("running", "analyze")],
      [400, "model", call("rate_limited", 100)],
      [600, "model", call("ok", 200)],
      [610, "plan", planned("shell", "shell")],
      [610, "state", state("running", "shell")],
      [650, "step", step(1, "running")],
      [650, "step", step(1, "succeeded", 30, 0)],
      [660, "step", step(2, "running")],
    );
    expect(told(history, { started_at: timeAt(20), status: "running" })).toEqual([
      ["Queued", 0, 20, "ok"],
      ["Start of the sandbox", 20, 300, "ok"],
      ["Model: m", 300, 400, "failed"],
      ["Model: m", 400, 600, "ok"],
      ["1 shell", 620, 650, "ok"],
      ["2 shell", 660, null, "running"],
    ]);
  });

  test("keeps the turn before a repair, and says which step failed", () => {
    const history = play(
      [0, "state", state("queued")],
      [10, "state", state("running", "shell")],
      [100, "plan", planned("shell")],
      [200, "step", step(1, "failed", 50, 3)],
      [300, "plan", planned("shell")],
      [400, "step", step(1, "succeeded", 50, 0)],
      [410, "state", state("running", "compile")],
      [480, "state", state("succeeded")],
    );
    const of = { started_at: timeAt(10), finished_at: timeAt(470), status: "succeeded" } as const;
    expect(told(history, of)).toEqual([
      ["Queued", 0, 10, "ok"],
      ["Start of the sandbox", 10, 100, "ok"],
      ["1 shell", 150, 200, "failed"],
      ["1 shell", 350, 400, "ok"],
      ["Archive", 410, 470, "ok"],
    ]);
  });

  test("keeps an attempt that was lost beside the one that came after it", () => {
    const history = play(
      [0, "state", state("queued")],
      [10, "state", state("running")],
      [90, "state", state("queued", null, 2)],
      [120, "state", state("running", null, 2)],
    );
    expect(told(history, { started_at: timeAt(120), attempt: 2, status: "running" })).toEqual([
      ["Queued", 0, 10, "ok"],
      ["Start of the sandbox", 10, 90, "ok"],
      ["Queued", 90, 120, "ok"],
      ["Start of the sandbox", 120, null, "running"],
    ]);
  });
});
