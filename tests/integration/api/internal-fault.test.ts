// First, as it prepares zod for the rest.
import { createTestApi } from "../../support/test-api.ts";
import { expect, test } from "vitest";
import { finishJob, startJob, storeJob } from "../../support/job-states.ts";

test("a bug is told with the request id alone, and logged with its stack", async () => {
  const archives = { open: () => Promise.reject(new Error("cannot read /secret/path")) };
  const api = await createTestApi({ archives });
  const id = await storeJob(api.database.sql);
  const archive = { key: `${id}-1.zip`, bytes: 3, sha256: "0".repeat(64), outputFiles: 0, outputBytes: 0 };
  await finishJob(api.database.sql, await startJob(api.database.sql, id), "succeeded", archive);
  const response = await api.app.request(`/download/${id}`, { headers: { "X-Request-Id": "try-1" } });
  expect(response.status).toBe(500);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const body = await response.text();
  expect(JSON.parse(body)).toMatchObject({ code: "internal", detail: expect.stringContaining("try-1") });
  expect(body).not.toMatch(/secret|Error|\.ts/);
  const [line] = api.logged.filter((entry) => entry.includes('"level":"error"'));
  expect(line).toContain("/secret/path");
  expect(line).toContain('"requestId":"try-1"');
  await api.remove();
});
