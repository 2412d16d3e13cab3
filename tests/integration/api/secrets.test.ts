// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { takeLease } from "../../support/take-lease.ts";
import { sealedJob } from "@longshore/shared/contracts/sealed-job";
import { appendEvents } from "@longshore/shared/db/append-events";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { createSecretBox } from "@longshore/shared/runtime/secret-box";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endStoredJob } from "../../support/stored-job.ts";
import { answerJson, jobIdOf } from "../../support/answer-json.ts";

const canary = "canary-7f3a91c2e5";
const key = Buffer.alloc(32, 7);
const steps = [{ kind: "shell", command: "true" }];

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi({ secretBox: createSecretBox({ current: key, previous: [] }) });
});
afterAll(() => api.remove());

const post = async (body: object, headers: Record<string, string> = {}, at = api) =>
  at.app.request("/schedule", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const rowOf = async (id: string) => {
  const [row] = await api.database.sql`SELECT secrets, secrets_key_id FROM jobs WHERE id = ${id}`;
  return row;
};
/** All that is stored of a Job, as text. */
const storedOf = async (id: string) => {
  const rows = await api.database.sql`
    SELECT j::text AS job, e::text AS event, k::text AS key FROM jobs j JOIN job_events e ON e.job_id = j.id
      LEFT JOIN idempotency_keys k ON k.job_id = j.id WHERE j.id = ${id}`;
  expect(rows.length).toBeGreaterThan(0);
  return JSON.stringify(rows);
};
/** A request with the secret in each text that a caller may write. */
const written = {
  prompt: `use ${canary}`,
  steps: [
    { kind: "shell", command: `echo ${canary}`, name: canary },
    { kind: "python", code: `print("${canary}")` },
    { kind: "write_file", path: `${canary}.txt`, content: canary },
  ],
  files: [
    { path: `given-${canary}`, content: canary },
    { path: "encoded", content: Buffer.from(canary).toString("base64"), encoding: "base64" },
  ],
  env: { COPY: canary },
  metadata: { note: canary },
  network: { allow: [`${canary}.example`] },
  secrets: { TOKEN: canary },
};

describe("the secrets of a job", () => {
  test("are stored sealed for it alone, and nowhere else", async () => {
    const id = await jobIdOf(
      post({ steps, secrets: { TOKEN: canary } }, { "Idempotency-Key": randomUUID() }),
    );
    // safety: the columns are bytea and text.
    const row = (await rowOf(id)) as { secrets: Buffer; secretsKeyId: string };
    const box = createSecretBox({ current: key, previous: [] });
    const sealed = { keyId: row.secretsKeyId, bytes: row.secrets };
    const opened = sealedJob.parse(JSON.parse(box.open(sealed, id) ?? "null"));
    expect(opened.secrets).toEqual({ TOKEN: canary });
    expect(box.open(sealed, randomUUID())).toBeNull();
    expect(await storedOf(id)).not.toContain(canary);
  });

  test("are in no text that is stored of the job either, where its caller has written them into all of them", async () => {
    const id = await jobIdOf(post(written, { "Idempotency-Key": randomUUID() }));
    const stored = await storedOf(id);
    expect(stored).not.toContain(canary);
    expect(stored).not.toContain(Buffer.from(canary).toString("base64").slice(0, -2));
    // safety: the columns are bytea and text.
    const row = (await rowOf(id)) as { secrets: Buffer; secretsKeyId: string };
    const box = createSecretBox({ current: key, previous: [] });
    const opened = box.open({ keyId: row.secretsKeyId, bytes: row.secrets }, id);
    const { secrets: _, ...request } = written;
    expect(sealedJob.parse(JSON.parse(opened ?? "null")).request).toMatchObject(request);
  });

  test("are in no answer, and what the caller has put of them into prompt and metadata is not either", async () => {
    const id = await jobIdOf(
      post({ prompt: `use ${canary}`, metadata: { note: `it is ${canary}` }, secrets: { TOKEN: canary } }),
    );
    const paths = [`/status/${id}`, "/jobs", `/logs/${id}`];
    const answers = await Promise.all(paths.map(async (path) => (await api.app.request(path)).text()));
    expect(answers.join("")).not.toContain(canary);
    expect(answers[0]).toContain('"prompt":"use ***"');
    expect(answers[0]).toContain('"note":"it is ***"');
  });

  test("are gone from the row of a job that is cancelled, and of one that a worker has ended, with all that is sealed", async () => {
    const waiting = await jobIdOf(post(written));
    await requestCancel(api.database.sql, waiting, 7);
    const run = await jobIdOf(post(written));
    const attempt = { jobId: run, attempt: 1, owner: randomUUID() };
    const taken = await takeLease(api.database.sql, attempt, { leaseSeconds: 60, engineId: null });
    expect(taken?.secrets).toBeInstanceOf(Buffer);
    const fence = { ...attempt, epoch: taken?.leaseEpoch ?? 0 };
    await appendEvents(api.database.sql, fence, 2, [], { planSteps: "a sealed plan" });
    await endStoredJob(api.database.sql, fence, "failed");
    const gone = { secrets: null, secretsKeyId: null };
    expect([await rowOf(waiting), await rowOf(run)]).toEqual([gone, gone]);
    for (const each of [await storedOf(waiting), await storedOf(run)]) {
      expect(each).not.toContain(canary);
      expect(each).not.toContain("a sealed plan");
    }
  });

  test("are gone from the request, too, of a job that a version of before has taken, which kept that in clear", async () => {
    const id = await jobIdOf(post(written));
    const { secrets: _, ...request } = written;
    await api.database
      .sql`UPDATE jobs SET request = request || ${api.database.sql.json(request)} WHERE id = ${id}`;
    expect(await storedOf(id)).toContain(canary);
    await requestCancel(api.database.sql, id, 7);
    expect(await storedOf(id)).not.toContain(canary);
  });

  test("cannot be put back into the row of an ended job", async () => {
    const id = await jobIdOf(post({ steps, secrets: { TOKEN: canary } }));
    await requestCancel(api.database.sql, id, 7);
    await api.database.sql`UPDATE jobs SET secrets = 'x'::bytea, secrets_key_id = 'k' WHERE id = ${id}`.catch(
      () => undefined,
    );
    expect(await rowOf(id)).toEqual({ secrets: null, secretsKeyId: null });
  });

  test("count when a key is used again, by a digest that needs the service's key", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const body = { steps, secrets: { TOKEN: canary } };
    const id = await jobIdOf(post(body, headers));
    expect((await post(body, headers)).status).toBe(200);
    expect((await post({ steps, secrets: { TOKEN: `${canary}0` } }, headers)).status).toBe(409);
    const rotated = createSecretBox({ current: Buffer.alloc(32, 8), previous: [key] });
    const after = await createTestApi({ secretBox: rotated, database: api.database });
    const replayed = await post(body, headers, after);
    expect([replayed.status, await jobIdOf(replayed)]).toEqual([200, id]);
  });
});

test("an API without a key refuses secrets, says what its operator has to do, and takes all other jobs", async () => {
  const bare = await createTestApi({ secretBox: null });
  const refused = await post({ steps, secrets: { TOKEN: canary } }, {}, bare);
  expect([refused.status, await answerJson(refused)]).toMatchObject([
    422,
    { code: "secrets_unconfigured", detail: expect.stringContaining("SECRETS_KEY") },
  ]);
  expect((await post({ steps, secrets: {} }, {}, bare)).status).toBe(202);
  await bare.remove();
});

test("what is wrong with a secret is told without the value", async () => {
  const answer = await post({ steps, secrets: { "9": canary, TOKEN: `${canary}\0`, A: [canary] } });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(await answerJson(answer))).not.toContain(canary);
  expect(api.logged.join("")).not.toContain(canary);
});
