import { describe, expect, test } from "vitest";
import { runDoctor } from "../support/run-doctor.ts";
import { startStack } from "../support/stack.ts";

describe.each(["redis", "postgres"] as const)("npm run doctor beside a service at work, on %s", (backend) => {
  test("calls it healthy while jobs start, run, are cancelled and end, and when all have ended", async () => {
    const stack = await startStack({ backend, env: { WARM_POOL_SIZE: "1" } });
    try {
      const settings = {
        DATABASE_URL: stack.database.url,
        AGENT_OUTPUT_DIR: stack.archiveFolder,
        ...(stack.redis === null ? {} : { REDIS_URL: stack.redis.url }),
      };
      const command = "for n in $(seq 40); do echo line $n; sleep 0.1; done; seq 200000 > out.txt";
      const ids: string[] = [];
      for (let count = 0; count < 12; count += 1)
        ids.push(await stack.client.schedule({ steps: [{ kind: "shell", command }] }));
      await stack.client.request(`/cancel/${ids.at(-1) ?? ""}`, { method: "POST" });
      await expect
        .poll(async () => (await stack.client.status(ids[0] ?? "")).status, { timeout: 30_000 })
        .toBe("running");
      const busy = await runDoctor(settings);
      expect(busy.code, `${busy.said} ${JSON.stringify(busy.wrong)}`).toBe(0);
      await stack.client.request(`/cancel/${ids[2] ?? ""}`, { method: "POST" });
      const busyStill = await runDoctor(settings, "--fix", "--deep");
      expect(busyStill.code, `${busyStill.said} ${JSON.stringify(busyStill.wrong)}`).toBe(0);
      expect(busyStill.report?.mended).toEqual([]);
      const ends = [];
      for (const id of ids) ends.push((await stack.client.ended(id)).status);
      expect(ends.filter((status) => status === "succeeded").length).toBeGreaterThanOrEqual(10);
      const after = await runDoctor(settings, "--deep");
      expect(after.code, `${after.said} ${JSON.stringify(after.wrong)}`).toBe(0);
    } finally {
      await stack.stop();
    }
  }, 240_000);
});
