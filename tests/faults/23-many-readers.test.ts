import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFaultProxy, type FaultProxy } from "../chaos/world/fault-proxy.ts";
import { createJobClient, type JobClient } from "../support/job-client.ts";
import { finishJob, printLines, startJob, storeJob } from "../support/job-states.ts";
import { type ServiceProcess, startService } from "../support/service-process.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { residentMb } from "../support/resident-mb.ts";

const readers = 200;
const stalled = 10;
const cutOff = 2;
const batches = 30;
const linesPerBatch = 20;
// More than the kernel takes for a reader that takes nothing.
const history = { batches: 40, lines: 50, characters: 16_000 };

// The service's own patience is 30 s.
const dropped = { timeout: 40_000 };
const soon = { timeout: 20_000 };

/**
 * Readers in the middle of the history, from whom nothing comes any more and whom nothing reaches, not even a FIN. Gives
 * the numbers that each of them has seen.
 */
async function cutCable(cable: FaultProxy, job: string): Promise<readonly (readonly number[])[]> {
  cable.slow(20);
  const client = createJobClient(`http://127.0.0.1:${String(cable.port)}`);
  const cut = Array.from({ length: cutOff }, () => {
    const seen: number[] = [];
    const read = async () => {
      for await (const { id } of client.events(job)) seen.push(id);
    };
    // It breaks when the test is over and the cable is taken away.
    read().catch(() => undefined);
    return seen;
  });
  for (const seen of cut) await expect.poll(() => seen.length, soon).toBeGreaterThan(0);
  cable.hang();
  return cut;
}

describe("200 readers of one job, ten that never read, and two whose cable is cut (fault 23)", () => {
  let database: TestDatabase;
  let api: ServiceProcess;
  let client: JobClient;
  let port: number;
  let cable: FaultProxy;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    api = startService("api", { DATABASE_URL: database.url, DATA_DIR: tmpdir(), PORT: "0" });
    port = Number((await api.logged(({ msg }) => msg === "listening"))["port"]);
    client = createJobClient(`http://127.0.0.1:${String(port)}`);
    cable = await createFaultProxy({ listen: { port: 0 }, target: { port } });
  });
  afterAll(async () => {
    await cable.close();
    for (const socket of sockets) socket.destroy();
    await api.end("SIGTERM");
    await database.remove();
  });

  const streams = async () =>
    Number(/^longshore_api_event_readers (\d+)$/m.exec(await (await client.request("/metrics")).text())?.[1]);

  test("each of the 200 gets every event once and on time, the others are dropped, memory stays bounded, and who comes back has lost nothing", async () => {
    const { sql } = database;
    const job = await storeJob(sql);
    const fence = await startJob(sql, job);
    for (let batch = 0; batch < history.batches; batch += 1)
      await printLines(sql, fence, Array<string>(history.lines).fill("h".repeat(history.characters)));
    const before = 2 + history.batches * history.lines;
    for (let count = 0; count < stalled; count += 1) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.pause();
      socket.write(`GET /events/${job} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      sockets.push(socket);
    }
    const cut = await cutCable(cable, job);
    let lastHeard = 0;
    const read = async (): Promise<readonly number[]> => {
      const seen: number[] = [];
      for await (const { id, event } of client.events(job, before)) {
        seen.push(id);
        if (event === "log") lastHeard = performance.now();
      }
      return seen;
    };
    const reading = Array.from({ length: readers }, read);
    await expect.poll(streams, soon).toBeGreaterThanOrEqual(readers);
    const residentBefore = await residentMb(api.pid);
    const line = "x".repeat(200);
    for (let batch = 0; batch < batches; batch += 1)
      await printLines(sql, fence, Array<string>(linesPerBatch).fill(line));
    const printedAt = performance.now();
    await expect.poll(streams, dropped).toBe(readers);
    const grown = (await residentMb(api.pid)) - residentBefore;
    await finishJob(sql, fence, "failed", null);
    const all = Array.from({ length: before + batches * linesPerBatch + 2 }, (_, index) => index + 1);
    for (const seen of await Promise.all(reading)) expect(seen).toEqual(all.slice(before));
    // 200 times 600 lines; on a machine that does nothing else the last of them after a second.
    expect(lastHeard - printedAt).toBeLessThan(15_000);
    expect(grown).toBeLessThan(200);
    for (const seen of cut) {
      expect(seen.length).toBeLessThan(before);
      const rest: number[] = [];
      for await (const { id } of client.events(job, seen.at(-1))) rest.push(id);
      expect([...seen, ...rest]).toEqual(all);
    }
  }, 90_000);
});
