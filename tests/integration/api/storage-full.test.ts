// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { createDiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { createLogger } from "@longshore/shared/runtime/logger";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  mountSmallFileSystem,
  type SmallFileSystem,
  whyNoSmallFileSystem,
} from "../../support/small-file-system.ts";

let api: TestApi | undefined;
let disk: SmallFileSystem | null = null;
afterEach(async () => {
  await api?.remove();
  disk?.remove();
});

test("while the disk of the archives is nearly full no job is accepted, and all else is answered", async ({
  skip,
}) => {
  disk = mountSmallFileSystem(8);
  if (disk === null) return skip(whyNoSmallFileSystem);
  const { folder } = disk;
  const guard = createDiskGuard({ folder, minFreeMb: 4, logger: createLogger("api", "fatal") });
  api = await createTestApi({ disk: guard });
  const { app, database } = api;
  const schedule = () =>
    app.request("/schedule", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ prompt: "x" }),
    });
  const accepted = await schedule();
  expect(accepted.status).toBe(202);
  writeFileSync(join(folder, "big"), Buffer.alloc(6_000_000));
  await expect.poll(async () => (await guard.check()).roomForJobs, { timeout: 5_000 }).toBe(false);
  const refused = await schedule();
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  const problem = await refused.text();
  expect(JSON.parse(problem)).toMatchObject({ code: "storage_full", status: 503 });
  expect(problem).not.toContain(folder);
  expect(await database.sql`SELECT FROM jobs`).toHaveLength(1);
  expect((await app.request(accepted.headers.get("Location") ?? "")).status).toBe(200);
  rmSync(join(folder, "big"));
  await expect.poll(async () => (await schedule()).status, { timeout: 5_000, interval: 200 }).toBe(202);
});
