// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { jobList } from "@longshore/shared/contracts/job-view";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson, jobIdOf } from "../../support/answer-json.ts";
import { settleEnd } from "@longshore/shared/db/settle-end";
import { finishJob, startJob } from "../../support/job-states.ts";

let api: TestApi;
const ids: string[] = [];

const schedule = (body: object): Promise<string> =>
  jobIdOf(
    api.app.request("/schedule", {
      ...{ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    }),
  );

beforeAll(async () => {
  api = await createTestApi();
  for (let n = 0; n < 7; n += 1) {
    const team = n % 2 === 0 ? "blue" : "red";
    ids.unshift(await schedule({ prompt: `Job ${String(n)} 100%_done`, metadata: { team, n: String(n) } }));
  }
});
afterAll(() => api.remove());

const list = async (query: string) => jobList.parse(await (await api.app.request(`/jobs${query}`)).json());
const idsOf = async (query: string) => (await list(query)).jobs.map((job) => job.job_id);

test("jobs are listed newest first", async () => {
  expect(await idsOf("")).toEqual(ids);
});

test("pages by the cursor give every job once", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list(`?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`);
    seen.push(...page.jobs.map((job) => job.job_id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(ids);
});

test("a cursor belongs to the filters that it was made with, and not to the limit", async () => {
  const { next_cursor: cursor } = await list("?limit=2&metadata.team=blue");
  expect((await api.app.request(`/jobs?limit=5&metadata.team=blue&cursor=${String(cursor)}`)).status).toBe(
    200,
  );
  const other = await api.app.request(`/jobs?limit=2&metadata.team=red&cursor=${String(cursor)}`);
  expect(other.status).toBe(400);
  expect(await other.json()).toMatchObject({ code: "invalid_cursor" });
});

test("a list is filtered by label, by part of the prompt, and by both", async () => {
  expect(await idsOf("?metadata.team=red")).toEqual([ids[1], ids[3], ids[5]]);
  expect(await idsOf("?metadata.team=red&metadata.n=1")).toEqual([ids[5]]);
  expect(await idsOf("?q=JOB%203")).toEqual([ids[3]]);
  expect(await idsOf(`?q=${encodeURIComponent("100%_d")}`)).toHaveLength(7);
  expect(await idsOf(`?q=${encodeURIComponent("0__d")}`)).toEqual([]);
});

test("both bounds of time are inclusive by the milliseconds that a client is shown", async () => {
  const { jobs } = await list("");
  const time = jobs[3]?.created_at ?? "";
  expect(await idsOf(`?created_after=${time}&created_before=${time}`)).toContain(ids[3]);
  const offset = encodeURIComponent(time.replace("Z", "+00:00"));
  expect(await idsOf(`?created_before=${offset}`)).toEqual(ids.slice(3));
});

test("a list is filtered by several statuses", async () => {
  const running = ids[0] ?? "";
  const fence = await startJob(api.database.sql, running);
  expect(await idsOf("?status=running")).toEqual([running]);
  await finishJob(api.database.sql, fence, "failed", null);
  expect(await idsOf("?status=running&status=failed")).toEqual([running]);
  expect(await idsOf("?status=queued")).toEqual(ids.slice(1));
});

test("a queued job is cancelled at once, and twice is as once", async () => {
  const id = ids[1] ?? "";
  for (let times = 0; times < 2; times += 1) {
    const response = await api.app.request(`/cancel/${id}`, { method: "POST" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ job_id: id, status: "cancelled", cancelled: true });
  }
  const status = await (await api.app.request(`/status/${id}`)).json();
  expect(status).toMatchObject({ status: "cancelled", download_link: null, failure: null });
  expect(await answerJson(api.app.request(`/download/${id}`))).toMatchObject({ code: "no_archive" });
});

test("cancelling a running job is answered at once, or with ?wait when it has ended", async () => {
  const id = ids[2] ?? "";
  const fence = await startJob(api.database.sql, id);
  const asked = await (await api.app.request(`/cancel/${id}`, { method: "POST" })).json();
  expect(asked).toEqual({ job_id: id, status: "running", cancelled: true });
  const waiting = api.app.request(`/cancel/${id}?wait=20`, { method: "POST" });
  await finishJob(api.database.sql, fence, "cancelled", null);
  expect(await (await waiting).json()).toEqual({ job_id: id, status: "cancelled", cancelled: true });
});

test("a wait that is over is answered with how the job stands", async () => {
  const id = ids[3] ?? "";
  await startJob(api.database.sql, id);
  const response = await api.app.request(`/cancel/${id}?wait=1`, { method: "POST" });
  expect(await response.json()).toEqual({ job_id: id, status: "running", cancelled: true });
});

test("cancelling an ended job changes nothing and says how it ended", async () => {
  const id = ids[0] ?? "";
  const response = await api.app.request(`/cancel/${id}?wait=5`, { method: "POST" });
  expect(await response.json()).toEqual({ job_id: id, status: "failed", cancelled: false });
});

test("a cancel that comes when the end is settled is too late, and says so", async () => {
  const id = ids[4] ?? "";
  const fence = await startJob(api.database.sql, id);
  await settleEnd(api.database.sql, fence, { status: "succeeded", failure: null });
  const response = await api.app.request(`/cancel/${id}`, { method: "POST" });
  expect(await response.json()).toEqual({ job_id: id, status: "running", cancelled: false });
});
