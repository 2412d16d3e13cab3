import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import type { NewEvent } from "../contracts/event.ts";
import { noTimings } from "../contracts/job-view.ts";
import { freshPlanView } from "../contracts/plan.ts";
import { toStorableText } from "../domain/log-line.ts";
import { appendEvents } from "./append-events.ts";
import { listen } from "./listen.ts";
import { eventsChannel } from "./notify-events.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import { requestCancel } from "./request-cancel.ts";
import { toEventData, toLogLine } from "./to-event-data.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const all = { after: 0, limit: 100_000 };
const lost = { ok: false, failure: "lease_lost" };

describe("appending Events", () => {
  test("numbers them on from the last, with no gap, batch after batch", async () => {
    const fence = await storeRunningJob(database.sql);
    let base = 2;
    for (const size of [1, 500, 3, 0, 40]) {
      const texts = Array.from({ length: size }, (_, index) => `line ${String(index)}`);
      const appended = await appendEvents(database.sql, fence, base, logLines(...texts), {});
      expect(appended).toEqual({ ok: true, value: base + size });
      base += size;
    }
    const events = await readEvents(database.orm, fence.jobId, all);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: base }, (_, index) => index + 1));
    expect((await readJob(database.orm, fence.jobId))?.lastSeq).toBe(base);
  });

  test("tells how much they take, by characters and by rows", async () => {
    const fence = await storeRunningJob(database.sql);
    const bytes = async () => {
      const [row] = await database.sql<{ eventBytes: number }[]>`
        SELECT event_bytes FROM jobs WHERE id = ${fence.jobId}`;
      return row?.eventBytes ?? 0;
    };
    await appendEvents(database.sql, fence, 2, logLines("é".repeat(500)), {});
    const one = await bytes();
    expect(one).toBeGreaterThan(1_000);
    await appendEvents(database.sql, fence, 3, logLines(...Array<string>(10).fill("")), {});
    expect(await bytes()).toBe(one + 10 * (one - 1_000));
  });

  test("from one number by ten at once lets one through", async () => {
    const fence = await storeRunningJob(database.sql);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        appendEvents(database.sql, fence, 2, logLines(...Array<string>(index + 1).fill("x")), {}),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const events = await readEvents(database.orm, fence.jobId, all);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect((await readJob(database.orm, fence.jobId))?.lastSeq).toBe(events.length);
  });

  test("of 20 Jobs at once keeps each one's numbers", async () => {
    const fences = await Promise.all(Array.from({ length: 20 }, () => storeRunningJob(database.sql)));
    await Promise.all(
      fences.map(async (fence) => {
        for (let base = 2; base < 32; base += 3) {
          const appended = await appendEvents(database.sql, fence, base, logLines("a", "b", "c"), {});
          expect(appended.ok).toBe(true);
        }
      }),
    );
    for (const { jobId } of fences) {
      const events = await readEvents(database.orm, jobId, all);
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    }
  });

  test("a second time, after an answer that got lost, changes nothing", async () => {
    const fence = await storeRunningJob(database.sql);
    const events = logLines("one", "two");
    for (let times = 0; times < 2; times += 1)
      expect(await appendEvents(database.sql, fence, 2, events, {})).toEqual({ ok: true, value: 4 });
    expect(await readEvents(database.orm, fence.jobId, { after: 2, limit: 10 })).toHaveLength(2);
  });

  test("without the Lease writes neither Events nor progress", async () => {
    const fence = await storeRunningJob(database.sql);
    const progress = { node: "compile", agentSeq: 9 } as const;
    for (const other of [
      { ...fence, owner: randomUUID() },
      { ...fence, attempt: 2 },
      { ...fence, jobId: randomUUID() },
    ]) {
      expect(await appendEvents(database.sql, other, 2, logLines("x"), progress)).toEqual(lost);
    }
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      lastSeq: 2,
      agentSeq: 0,
      state: { node: null },
    });
    expect(await readEvents(database.orm, fence.jobId, all)).toHaveLength(2);
  });

  test("goes on after a cancel was asked for: the worker still has things to say", async () => {
    const fence = await storeRunningJob(database.sql);
    await requestCancel(database.sql, fence.jobId, 7);
    expect(await appendEvents(database.sql, fence, 2, logLines("killed"), {})).toEqual({
      ok: true,
      value: 3,
    });
  });

  test("moves the progress that is given, and nothing else", async () => {
    const fence = await storeRunningJob(database.sql);
    const steps = [{ kind: "shell" as const, command: "true", continue_on_error: false }];
    const plan = { view: freshPlanView("model", 1, steps), promptVersion: "v1" };
    const usage = { input_tokens: 3, output_tokens: 4, calls: [] };
    const sandbox = { provider: "docker", runtime: "runc", warm: true };
    const timings = { ...noTimings, analyze: 12 };
    await appendEvents(database.sql, fence, 2, [], { node: "shell", plan, planSteps: steps, agentSeq: 3 });
    await appendEvents(database.sql, fence, 2, [], { usage, sandbox, timings, agentSeq: 2 });
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      ...{ plan, usage, sandbox, timings, agentSeq: 3, lastSeq: 2 },
      state: { node: "shell" },
    });
    const rows = await database.sql`SELECT plan_steps FROM jobs WHERE id = ${fence.jobId}`;
    expect(rows[0]?.["planSteps"]).toEqual(steps);
    await appendEvents(database.sql, fence, 2, [], { node: null });
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({ plan, state: { node: null } });
  });

  test("keeps every kind of Event as it was", async () => {
    const fence = await storeRunningJob(database.sql);
    const call = { provider: "primary", model: "m", outcome: "ok" } as const;
    const bodies: NewEvent[] = [
      { type: "state", body: { status: "running", node: "analyze", attempt: 1 } },
      { type: "plan", body: { source: "explicit", turns: 0, steps: [] }, steps: null },
      { type: "model", body: { ...call, duration_ms: 1, input_tokens: 2, output_tokens: 3 } },
      {
        type: "step",
        body: {
          ...{ attempt: 1, index: 1, kind: "shell", status: "running" },
          ...{ exit_code: null, duration_ms: null },
        },
      },
    ];
    await appendEvents(database.sql, fence, 2, bodies, {});
    const events = await readEvents(database.orm, fence.jobId, { after: 2, limit: 10 });
    expect(events.map(toEventData)).toMatchObject(
      bodies.map((event, index) => ({ seq: index + 3, ...(event.type === "log" ? {} : event.body) })),
    );
  });

  test("keeps any text that was made storable, character for character", async () => {
    const fence = await storeRunningJob(database.sql);
    const texts = [
      "",
      "\r",
      '"quoted", {braces}, \\N, \\x00, NULL',
      "emoji \u{1f600}, RTL \u202e, BOM \ufeff, \uffff",
      toStorableText("nul \0 and lone \ud800 surrogate"),
      "x".repeat(16 * 1024),
    ];
    await appendEvents(database.sql, fence, 2, logLines(...texts), {});
    const events = await readEvents(database.orm, fence.jobId, { after: 2, limit: 10 });
    expect(events.map((event) => toLogLine(event).text)).toEqual(texts);
    expect(texts[4]).toBe("nul \ufffd and lone \ufffd surrogate");
  });

  test("refuses a whole batch in which one text is not storable", async () => {
    const fence = await storeRunningJob(database.sql);
    await expect(appendEvents(database.sql, fence, 2, logLines("fine", "nul \0"), {})).rejects.toThrow(
      "invalid byte sequence",
    );
    expect((await readJob(database.orm, fence.jobId))?.lastSeq).toBe(2);
  });

  test("tells those who listen, who are told of a gap at their start", async () => {
    const fence = await storeRunningJob(database.sql);
    const heard: string[] = [];
    let gaps = 0;
    const unlisten = await listen(database.sql, eventsChannel, {
      onPayload: (payload) => heard.push(payload),
      onGap: () => (gaps += 1),
    });
    expect(gaps).toBe(1);
    await appendEvents(database.sql, fence, 2, logLines("one"), {});
    await expect.poll(() => heard).toContain(fence.jobId);
    await unlisten();
  });
});

describe("reading Events", () => {
  test("gives those after a number, at most as many as asked for, of one kind or stream", async () => {
    const fence = await storeRunningJob(database.sql);
    const [out] = logLines("out");
    const [line] = logLines("err");
    if (out?.type !== "log" || line?.type !== "log") throw new Error("log lines were made");
    await appendEvents(database.sql, fence, 2, [out, { ...line, stream: "stderr", continued: true }], {});
    const seqs = async (...args: [{ after: number; limit: number }, Parameters<typeof readEvents>[3]?]) =>
      (await readEvents(database.orm, fence.jobId, ...args)).map(({ seq }) => seq);
    expect(await seqs({ after: 1, limit: 2 })).toEqual([2, 3]);
    expect(await seqs({ after: 4, limit: 2 })).toEqual([]);
    expect(await seqs({ after: 0, limit: 9 }, { type: "state" })).toEqual([1, 2]);
    expect(await seqs({ after: 0, limit: 9 }, { type: "log", streams: ["stderr"] })).toEqual([4]);
    const rows = await readEvents(database.orm, fence.jobId, { after: 3, limit: 1 });
    expect(rows.map(toLogLine)).toMatchObject([{ text: "err", continued: true, stream: "stderr" }]);
  });
});
