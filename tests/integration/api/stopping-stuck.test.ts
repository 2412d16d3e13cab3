import { once } from "node:events";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { expect, inject, onTestFinished, test } from "vitest";
import { createFaultProxy, type FaultProxy } from "../../chaos/world/fault-proxy.ts";
import { startService } from "../../support/service-process.ts";
import { createTestDatabase } from "../../support/test-database.ts";

/** A wire to where `url` leads, and the url by which it is reached. */
async function wireTo(url: string): Promise<{ readonly wire: FaultProxy; readonly url: string }> {
  const through = new URL(url);
  const wire = await createFaultProxy({ listen: { port: 0 }, target: { port: Number(through.port) } });
  onTestFinished(() => wire.close());
  through.port = String(wire.port);
  return { wire, url: through.href };
}

test("with its database and its queue silent and a request half sent, the API ends with 0, in time for all of it", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.remove());
  const [toDatabase, toQueue] = [await wireTo(database.url), await wireTo(inject("redisUrl"))];
  const env = { DATABASE_URL: toDatabase.url, REDIS_URL: toQueue.url, DATA_DIR: tmpdir(), PORT: "0" };
  const api = startService("api", env);
  const port = Number((await api.logged(({ msg }) => msg === "listening"))["port"]);
  const url = `http://127.0.0.1:${String(port)}`;
  const post = { method: "POST", headers: { "Content-Type": "application/json" } };
  expect((await fetch(`${url}/schedule`, { ...post, body: '{"prompt":"x"}' })).status).toBe(202);
  const half = connect(port, "127.0.0.1").on("error", () => undefined);
  half.write(
    "POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  await once(half, "connect");
  toDatabase.wire.hang();
  toQueue.wire.hang();
  const waiting = fetch(`${url}/jobs`).then(
    ({ status }) => status,
    () => "cut",
  );
  await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
  const askedAt = performance.now();
  expect(await api.end("SIGTERM")).toEqual({ code: 0, signal: null });
  // Each part by itself may take some seconds; all of them together 12.
  expect(performance.now() - askedAt).toBeLessThan(14_000);
  expect([503, "cut"]).toContain(await waiting);
});
