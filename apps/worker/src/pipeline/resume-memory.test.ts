import { randomUUID } from "node:crypto";
import { appendEvents } from "@longshore/shared/db/append-events";
import { takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { createResumeMemory, nothingToResume, readResumeState, type ResumeState } from "./resume-memory.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

const whole: ResumeState = {
  failure: { code: "step_failed", message: "step 2 (shell) failed: it exited with code 3", step: 2 },
  oomKills: 2,
  saidDropped: true,
  turn: 2,
  history: [
    { type: "invalid_answer", reasons: ["primary (p): /steps is missing"] },
    {
      type: "step_failed",
      steps: [
        {
          ...{ index: 1, kind: "shell", name: null, source: "false", exit_code: null, status: "failed" },
          outputTail: '"quoted"\n\u{1f600}',
        },
      ],
    },
  ],
  repairing: true,
  held: "0198 sealed",
  egressMb: 7,
  phases: { analyze: 12.5, steps: 900 },
};

/** What the next owner of an Attempt reads, where its first one has changed its memory so. */
async function throughDatabase(patch: Partial<ResumeState>): Promise<ResumeState | null> {
  const { sql } = database;
  const fence = await storeRunningJob(sql);
  let resume: object = {};
  const memory = createResumeMemory(
    nothingToResume,
    () => whole.phases,
    (state) => (resume = state),
  );
  memory.change(patch);
  expect(await appendEvents(sql, fence, 2, [], { resume })).toEqual({ ok: true, value: 2 });
  await releaseLease(sql, fence);
  const rows = await takeExpiredLeases(sql, randomUUID(), {
    ...{ leaseSeconds: 60, limit: 100, except: [], engineId: null, otherEngineAfterSeconds: 60 },
  });
  return readResumeState(rows.find(({ id }) => id === fence.jobId)?.resume);
}

test("what an owner remembers is what the next one begins with", async () => {
  expect(await throughDatabase(whole)).toEqual(whole);
});

test("what the database cannot hold is stored as in the log, wherever it stands", async () => {
  const reasons = ["nul \0", "lone \ud800 surrogate"];
  const failure = { code: "step_failed" as const, message: "\0\udc00", step: null };
  expect(await throughDatabase({ failure, history: [{ type: "invalid_answer", reasons }] })).toMatchObject({
    failure: { message: "\ufffd\ufffd" },
    history: [{ reasons: ["nul \ufffd", "lone \ufffd surrogate"] }],
  });
});

test("an attempt that has nothing stored begins with nothing", () => {
  expect(readResumeState(null)).toEqual(nothingToResume);
});

test.each([
  ["without a field", { ...whole, turn: undefined }],
  ["with a failure code that is not known", { ...whole, failure: { ...whole.failure, code: "other" } }],
  ["with another kind of turn", { ...whole, history: [{ type: "asked_back" }] }],
  ["that is no object", "state"],
])("a state of another version, %s, is not gone on from", (_, stored) => {
  expect(readResumeState(JSON.parse(JSON.stringify(stored)))).toBeNull();
});
