// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { logPage } from "@longshore/shared/contracts/log-line";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { expireJobs } from "@longshore/shared/db/expire-jobs";
import { connectDatabase } from "@longshore/shared/db/connect-database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { append, finishJob, printLines, startJob, storeJob } from "../../support/job-states.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const newJob = () => storeJob(api.database.sql);

const line = (text: string, more: Partial<Extract<NewEvent, { type: "log" }>> = {}): NewEvent => ({
  ...{ type: "log", node: "shell", step: 1, stream: "stdout", text, continued: false },
  ...more,
});

const page = async (path: string) => logPage.parse(await (await api.app.request(path)).json());

test("a log is read in pages until it is complete", async () => {
  const id = await newJob();
  const fence = await startJob(api.database.sql, id);
  await printLines(api.database.sql, fence, ["one", "two\r", "three"]);
  const first = await page(`/logs/${id}?limit=2`);
  expect(first.lines.map(({ text }) => text)).toEqual(["one", "two\r"]);
  expect(first).toMatchObject({ next_after: 4, complete: false });
  expect((await page(`/logs/${id}?after=4`)).complete).toBe(false);
  await finishJob(api.database.sql, fence, "failed", null);
  const rest = await page(`/logs/${id}?after=${String(first.next_after)}`);
  expect(rest.lines).toMatchObject([
    { seq: 5, attempt: 1, node: "shell", step: 1, stream: "stdout", text: "three" },
  ]);
  expect(rest).toMatchObject({ next_after: 5, complete: true });
  expect(await page(`/logs/${id}?after=5`)).toMatchObject({ lines: [], next_after: 5, complete: true });
  expect((await page(`/logs/${id}?limit=3`)).complete).toBe(true);
  expect((await page(`/logs/${id}?limit=2`)).complete).toBe(false);
});

test("text gives the lines as they were: long ones whole, the service's own only where they are asked for", async () => {
  const id = await newJob();
  const fence = await startJob(api.database.sql, id);
  await append(api.database.sql, fence, [
    line("begin "),
    line("middle ", { continued: true }),
    line("end", { continued: true }),
    line("warn", { stream: "stderr" }),
    line("killed", { stream: "system" }),
    line("last"),
  ]);
  const text = await api.app.request(`/logs/${id}?format=text`);
  expect(text.headers.get("Content-Type")).toMatch(/^text\/plain/);
  expect(text.headers.get("X-Next-After")).toBe("8");
  expect(await text.text()).toBe("begin middle end\nwarn\nlast\n");
  const negotiated = await api.app.request(`/logs/${id}?stream=system`, {
    headers: { Accept: "text/plain" },
  });
  expect(await negotiated.text()).toBe("killed\n");
  const cut = await api.app.request(`/logs/${id}?format=text&limit=2`);
  expect(await cut.text()).toBe("begin middle ");
  const json = await page(`/logs/${id}`);
  expect(json.lines.map(({ continued }) => continued)).toEqual([
    undefined,
    true,
    true,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a page of long lines ends early, and the next one goes on", async () => {
  const id = await newJob();
  const fence = await startJob(api.database.sql, id);
  for (let batch = 0; batch < 4; batch += 1) {
    await printLines(api.database.sql, fence, Array<string>(150).fill("x".repeat(16_384)));
  }
  await finishJob(api.database.sql, fence, "failed", null);
  let after = 0;
  let lines = 0;
  for (let complete = false, pages = 0; !complete; pages += 1) {
    const part = await page(`/logs/${id}?limit=10000&after=${String(after)}`);
    lines += part.lines.length;
    after = part.next_after;
    complete = part.complete;
    expect(part.lines.length).toBeLessThan(300);
    expect(pages).toBeLessThan(10);
  }
  expect(lines).toBe(600);
});

test("after its retention a job's log, events and archive are gone", async () => {
  const id = await newJob();
  await api.app.request(`/cancel/${id}`, { method: "POST" });
  const later = connectDatabase({
    ...{ url: api.database.url, maxConnections: 2, applicationName: "later", clockShift: "8 days" },
  });
  await expireJobs(later.sql, 100);
  await later.close();
  for (const path of [`/logs/${id}`, `/events/${id}`]) {
    const response = await api.app.request(path);
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ code: "expired" });
  }
  expect((await api.app.request(`/status/${id}`)).status).toBe(200);
});
