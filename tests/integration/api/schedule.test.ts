// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { jobView, scheduled } from "@longshore/shared/contracts/job-view";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson, jobIdOf } from "../../support/answer-json.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const post = async (body: unknown, headers: Record<string, string> = {}) =>
  api.app.request("/schedule", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const steps = [{ kind: "shell", command: "echo hi" }];

test("a job is on disk when it is answered with 202, and its message goes to the queue", async () => {
  const response = await post({ prompt: "  say hi  ", metadata: { team: "blue" } });
  expect(response.status).toBe(202);
  const body = scheduled.parse(await response.json());
  expect(response.headers.get("Location")).toBe(`/status/${body.job_id}`);
  expect(body).toMatchObject({
    status: "queued",
    status_link: `/status/${body.job_id}`,
    events_link: `/events/${body.job_id}`,
    logs_link: `/logs/${body.job_id}`,
    cancel_link: `/cancel/${body.job_id}`,
  });
  expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const [row] = await api.database
    .sql`SELECT status, prompt, dispatched_at FROM jobs WHERE id = ${body.job_id}`;
  expect(row).toEqual({ status: "queued", prompt: "say hi", dispatchedAt: null });
  expect(api.dispatched).toContainEqual({ jobId: body.job_id, attempt: 1 });
});

test("before the start a job's status has all its keys", async () => {
  const id = await jobIdOf(post({ steps }));
  const status = jobView.parse(await (await api.app.request(`/status/${id}`)).json());
  expect(status).toMatchObject({
    job_id: id,
    ...{ status: "queued", node: null, attempt: 1, prompt: null, metadata: {}, plan: null, sandbox: null },
    ...{ started_at: null, finished_at: null, cancel_requested_at: null, failure: null, output: null },
    usage: { input_tokens: 0, output_tokens: 0, calls: [] },
    download_link: null,
  });
  expect(Object.values(status.timings_ms)).toEqual([null, null, null, null, null, null, null]);
});

test("the same Idempotency-Key with the same JSON, written otherwise, answers the first job", async () => {
  const headers = { "Idempotency-Key": "order-1" };
  const first = await post('{"prompt":"a","max_turns":2}', headers);
  const second = await post('{ "max_turns": 2.0, "prompt": "\\u0061" }', headers);
  expect(first.status).toBe(202);
  expect(first.headers.get("Idempotent-Replay")).toBeNull();
  expect(second.status).toBe(200);
  expect(second.headers.get("Idempotent-Replay")).toBe("true");
  expect(await jobIdOf(second)).toBe(await jobIdOf(first));
});

test("twenty requests at once with one key make one job", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post({ steps }, { "Idempotency-Key": "burst" })),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(19);
  const ids = await Promise.all(answers.map(jobIdOf));
  expect(new Set(ids).size).toBe(1);
});

test("a key that is bound to another body is a conflict", async () => {
  await post({ prompt: "a" }, { "Idempotency-Key": "k2" });
  const response = await post({ prompt: "b" }, { "Idempotency-Key": "k2" });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: "idempotency_conflict", status: 409 });
});

test("a refused request binds no key", async () => {
  const headers = { "Idempotency-Key": "k3" };
  expect((await post({ prompt: "" }, headers)).status).toBe(422);
  expect((await post({ prompt: "b" }, headers)).status).toBe(202);
});

test("files of 10 MiB in base64 are taken, and content keeps NUL and lone surrogates", async () => {
  const content = Buffer.alloc(10 * 1024 * 1024 - 100, 7).toString("base64");
  const files = [
    { path: "a.bin", content, encoding: "base64" },
    { path: "b.txt", content: "nul \0 and \ud800" },
  ];
  const response = await post({ prompt: "x", files }, { "Idempotency-Key": "files" });
  expect(response.status).toBe(202);
});

test("base64 of 30 MB is refused as too much, not as a fault of the service", async () => {
  const content = "A".repeat(30_000_000);
  const response = await post({ prompt: "x", files: [{ path: "a", content, encoding: "base64" }] });
  expect(response.status).toBe(422);
  expect((await answerJson(response))["errors"]).toEqual([
    { pointer: "/files", detail: "must have at most 10485760 bytes together, decoded" },
  ]);
});
