// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { takeLease } from "../../support/take-lease.ts";
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

describe("the secrets of a job", () => {
  test("are stored sealed for it alone, and nowhere else", async () => {
    const id = await jobIdOf(
      post({ steps, secrets: { TOKEN: canary } }, { "Idempotency-Key": randomUUID() }),
    );
    // safety: the columns are bytea and text.
    const row = (await rowOf(id)) as { secrets: Buffer; secretsKeyId: string };
    const box = createSecretBox({ current: key, previous: [] });
    const sealed = { keyId: row.secretsKeyId, bytes: row.secrets };
    expect(box.open(sealed, id)).toBe(JSON.stringify({ TOKEN: canary }));
    expect(box.open(sealed, randomUUID())).toBeNull();
    const tables = await api.database.sql`
      SELECT j::text AS jobs, e::text AS events, k::text AS keys FROM jobs j, job_events e, idempotency_keys k
       WHERE j.id = ${id} AND e.job_id = j.id AND k.job_id = j.id`;
    expect(tables).toHaveLength(1);
    expect(JSON.stringify(tables)).not.toContain(canary);
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

  test("are gone from the row of a job that is cancelled, and of one that a worker has ended", async () => {
    const waiting = await jobIdOf(post({ steps, secrets: { TOKEN: canary } }));
    await requestCancel(api.database.sql, waiting, 7);
    const run = await jobIdOf(post({ steps, secrets: { TOKEN: canary } }));
    const attempt = { jobId: run, attempt: 1, owner: randomUUID() };
    const taken = await takeLease(api.database.sql, attempt, { leaseSeconds: 60, engineId: null });
    expect(taken?.secrets).toBeInstanceOf(Buffer);
    await endStoredJob(api.database.sql, { ...attempt, epoch: taken?.leaseEpoch ?? 0 }, "failed");
    const gone = { secrets: null, secretsKeyId: null };
    expect([await rowOf(waiting), await rowOf(run)]).toEqual([gone, gone]);
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
