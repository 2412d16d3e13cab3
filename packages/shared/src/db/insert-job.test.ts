import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newRequest } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { localCaller, localTenant } from "../domain/access.ts";
import { newJobId } from "../domain/job-id.ts";
import { connectDatabase } from "./connect-database.ts";
import { insertJob } from "./insert-job.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const withKey = (key: string, bodySha256 = "a".repeat(64), tenant = localTenant) => ({
  id: newJobId(),
  request: newRequest(),
  caller: { tenant, keyId: null },
  idempotency: { key, bodySha256 },
});

describe("storing a Job", () => {
  test("gives a queued Job with its first Event and its time", async () => {
    const id = newJobId();
    const request = newRequest({ metadata: { team: "blue" }, max_attempts: 5 });
    const stored = await insertJob(database.sql, { id, request, caller: localCaller, idempotency: null });
    const job = await readJob(database.orm, id);
    expect(job).toMatchObject({
      id,
      state: { status: "queued" },
      attempt: 1,
      failedAttempts: 0,
      maxAttempts: 5,
      prompt: "say hello",
      metadata: { team: "blue" },
      lastSeq: 1,
    });
    expect(stored).toEqual({ ok: true, value: { type: "created", createdAt: job?.createdAt } });
    const events = await readEvents(database.orm, id, { after: 0, limit: 10 });
    expect(events).toMatchObject([
      { seq: 1, type: "state", body: { status: "queued", node: null, attempt: 1 } },
    ]);
  });

  test("keeps the request as it was parsed", async () => {
    const id = newJobId();
    const request = newRequest({
      files: [{ path: "a.txt", content: "nul \0 here" }],
      steps: [{ kind: "shell", command: "echo '\u{1f600}'" }],
      env: { A: "1" },
    });
    await insertJob(database.sql, { id, request, caller: localCaller, idempotency: null });
    const rows = await database.sql<{ request: unknown }[]>`SELECT request FROM jobs WHERE id = ${id}`;
    expect(rows[0]?.request).toEqual(request);
  });

  test("keeps every request that is accepted through jsonb, whatever is in it", async () => {
    const text = fc.string({ unit: "binary", maxLength: 30 });
    const clean = text.map((each) => `x${each.toWellFormed().replaceAll("\0", "")}`);
    const request = fc
      .record({
        prompt: clean,
        files: fc.array(text, { maxLength: 3 }),
        command: clean,
        env: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), clean),
        metadata: fc.dictionary(clean, clean, { maxKeys: 16 }),
      })
      .map(({ files, command, ...rest }) => ({
        ...rest,
        files: files.map((content, index) => ({ path: String(index), content: `${content}\0\ud800` })),
        steps: [
          { kind: "shell", command },
          ...files.map((content) => ({ kind: "write_file", path: "a", content })),
        ],
      }));
    await fc.assert(
      fc.asyncProperty(request, async (body) => {
        const parsed = newRequest(body);
        const id = newJobId();
        await insertJob(database.sql, { id, request: parsed, caller: localCaller, idempotency: null });
        const rows = await database.sql<{ request: unknown }[]>`SELECT request FROM jobs WHERE id = ${id}`;
        expect(rows[0]?.request).toEqual(parsed);
        expect(await readJob(database.orm, id)).toMatchObject({ metadata: parsed.metadata });
      }),
      { numRuns: 50 },
    );
  });

  test("with one key 50 times at once stores one Job, and answers all with it", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => insertJob(database.sql, withKey("race"))),
    );
    const created = answers.filter((answer) => answer.ok && answer.value.type === "created");
    expect(created).toHaveLength(1);
    const bound = await database.sql<
      { jobId: string }[]
    >`SELECT job_id FROM idempotency_keys WHERE key = 'race'`;
    const replays = answers.filter((answer) => answer.ok && answer.value.type === "replayed");
    expect(replays).toHaveLength(49);
    for (const replay of replays)
      expect(replay).toMatchObject({ ok: true, value: { jobId: bound[0]?.jobId } });
  });

  test("with one key and 50 different bodies at once stores one Job and refuses the others", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        insertJob(database.sql, withKey("bodies", String(index).padStart(64, "0"))),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.failure === "idempotency_conflict")).toHaveLength(
      49,
    );
  });

  test("binds a key to its tenant alone", async () => {
    for (const tenant of ["one", "two", localTenant]) {
      expect(await insertJob(database.sql, withKey("shared", "b".repeat(64), tenant))).toMatchObject({
        value: { type: "created" },
      });
    }
  });

  test("knows the keys of versions before there were tenants", async () => {
    const { id, ...job } = withKey("old");
    await database.sql`INSERT INTO idempotency_keys VALUES ('', 'old', ${job.idempotency.bodySha256}, ${id})`;
    expect(await insertJob(database.sql, { id: newJobId(), ...job })).toEqual({
      ok: true,
      value: { type: "replayed", jobId: id },
    });
  });

  test("frees a key after 24 hours, even for another body, and 20 at once still get one Job", async () => {
    await insertJob(database.sql, withKey("day"));
    const [before, after] = ["23 hours 59 minutes", "24 hours 1 minute"].map((clockShift) =>
      connectDatabase({ url: database.url, maxConnections: 8, applicationName: "later", clockShift }),
    );
    if (before === undefined || after === undefined) throw new Error("two were made");
    try {
      expect(await insertJob(before.sql, withKey("day"))).toMatchObject({ value: { type: "replayed" } });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => insertJob(after.sql, withKey("day", "c".repeat(64)))),
      );
      expect(answers.filter((answer) => answer.ok && answer.value.type === "created")).toHaveLength(1);
      expect(answers.filter((answer) => answer.ok && answer.value.type === "replayed")).toHaveLength(19);
    } finally {
      await Promise.all([before.close(), after.close()]);
    }
  });

  test("stores nothing of a Job whose key is refused", async () => {
    await insertJob(database.sql, withKey("refused"));
    const second = withKey("refused", "d".repeat(64));
    expect(await insertJob(database.sql, second)).toEqual({ ok: false, failure: "idempotency_conflict" });
    expect(await readJob(database.orm, second.id)).toBeNull();
    expect(await readEvents(database.orm, second.id, { after: 0, limit: 10 })).toEqual([]);
  });
});
