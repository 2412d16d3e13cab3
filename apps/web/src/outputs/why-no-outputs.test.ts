import type { Job } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { howItEnded } from "../job/header/how-it-ended.ts";
import { whyNoOutputs } from "./why-no-outputs.ts";

const at = "2026-01-01T00:00:00.000Z";
type Told = Parameters<typeof whyNoOutputs>[0] & Parameters<typeof howItEnded>[0];
const told = (of: Partial<Told>): Told => ({
  ...{ status: "succeeded", started_at: at, finished_at: at, failure: null },
  ...{ output: null, download_link: null },
  ...of,
});
const failure = (code: NonNullable<Job["failure"]>["code"], retryable = false) => ({
  ...{ code, message: "what happened", retryable, step: null },
});

describe("where there are no outputs, the reader is told why:", () => {
  test.each([
    ["the job waits", { status: "queued", started_at: null, finished_at: null }, /waits in the queue/],
    ["the job runs", { status: "running", finished_at: null }, /is running/],
    ["it was cancelled in the queue", { status: "cancelled", started_at: null }, /never ran/],
    ["it never ran", { status: "failed", started_at: null }, /never ran.*failure says why/],
    ["they have expired", { download_link: "/download/x" }, /retention is over/],
    ["it was stopped as it began", {}, /before it had made anything/],
  ] as const)("%s", (_, of, expected) => {
    expect(whyNoOutputs(told(of))).toMatch(expected);
  });

  test("and where there are some, nothing", () => {
    const output = { files: 1, bytes: 1, archive_bytes: 9, sha256: "", expires_at: at };
    expect(whyNoOutputs(told({ download_link: "/download/x", output }))).toBeNull();
  });
});

describe("how a job ended is told", () => {
  test("of one that succeeded, or runs, by nothing more than its state", () => {
    expect(howItEnded(told({}))).toBeNull();
    expect(howItEnded(told({ status: "running", finished_at: null }))).toBeNull();
  });

  test.each([
    [{ started_at: null }, "Cancelled in the queue"],
    [{}, "Cancelled while it ran"],
  ])("of one that was cancelled, by where it was", (of, title) => {
    expect(howItEnded(told({ ...of, status: "cancelled" }))?.title).toBe(title);
  });

  test("of one that failed, by what happened and what to do, and whether it was the job's doing", () => {
    expect(howItEnded(told({ status: "failed", failure: failure("out_of_memory") }))).toEqual({
      title: "what happened",
      advice: "Give the job more memory, or have it hold less at once.",
    });
    const lost = howItEnded(told({ status: "failed", failure: failure("worker_lost", true) }));
    expect(lost?.advice).toContain("was not the job's doing");
  });
});
