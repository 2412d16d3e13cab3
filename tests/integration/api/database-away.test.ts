// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { connectDatabase } from "@longshore/shared/db/connect-database";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { printLines, startJob, storeJob } from "../../support/job-states.ts";
import { createPostgresServer, type PostgresServer } from "../../support/postgres-server.ts";
import { readStream } from "../../support/read-stream.ts";

let postgres: PostgresServer;
let api: TestApi;

beforeAll(async () => {
  postgres = await createPostgresServer();
  await migrateDatabase(postgres.url);
  const database = connectDatabase({
    url: postgres.url,
    maxConnections: 6,
    applicationName: "longshore-test",
  });
  api = await createTestApi({}, { ...database, url: postgres.url, remove: database.close });
});
afterAll(async () => {
  await api.remove();
  await postgres.remove();
});

const id = "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87";

const everything: readonly (readonly [string, string])[] = [
  ["POST", "/schedule"],
  ["POST", `/cancel/${id}`],
  ["GET", `/status/${id}`],
  ["GET", "/jobs"],
  ["GET", `/logs/${id}`],
  ["GET", `/events/${id}`],
  ["GET", `/download/${id}`],
  ["POST", `/jobs/${id}/download-link`],
  ["GET", `/shared/${id}?expires=2000000000&signature=x`],
];

const ask = ([method, path]: readonly [string, string]) =>
  api.app.request(path, {
    method,
    ...(method === "POST" ? { body: '{"prompt":"x"}', headers: { "Content-Type": "application/json" } } : {}),
  });

test("while the database is away every route says so at once, streams stay open, and all goes on when it is back", async () => {
  const job = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, job);
  const messages = readStream(await api.app.request(`/events/${job}`));
  await messages.next();
  await messages.next();

  await postgres.stop();
  for (const request of everything) {
    const askedAt = performance.now();
    const response = await ask(request);
    expect([...request, response.status]).toEqual([...request, 503]);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({ code: "database_unavailable" });
  }
  expect((await api.app.request("/health")).status).toBe(200);
  const ready = await api.app.request("/ready");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    code: "not_ready",
    components: { database: { state: "away" } },
  });
  const metrics = await api.app.request("/metrics");
  expect(metrics.status).toBe(200);
  expect(await metrics.text()).toContain("longshore_database_up 0");

  await postgres.start();
  const backAt = performance.now();
  await expect.poll(async () => (await api.app.request("/jobs")).status, { timeout: 5_000 }).toBe(200);
  await expect
    .poll(() =>
      printLines(api.database.sql, fence, ["back"]).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  const line = await messages.next();
  expect(JSON.parse(line.value?.data ?? "{}")).toMatchObject({ seq: 3, text: "back" });
  expect(performance.now() - backAt).toBeLessThan(6_000);
  const unknown = await answerJson(api.app.request(`/status/${id}`));
  expect(unknown).toMatchObject({ code: "job_not_found" });
  expect(api.logged.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);

  // The listener is back, too: lines come by its signal, not by the slow poll.
  const lags: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const printedAt = performance.now();
    await printLines(api.database.sql, fence, [String(n)]);
    await messages.next();
    lags.push(performance.now() - printedAt);
  }
  expect(Math.min(...lags)).toBeLessThan(500);
});
