import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJobClient, type JobClient } from "../support/job-client.ts";
import { finishJob, printLines, startJob, storeJob } from "../support/job-states.ts";
import { type ServiceProcess, startService } from "../support/service-process.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";

const readers = 200;
const stalled = 10;
const batches = 30;
const linesPerBatch = 20;
// More than the kernel takes for a reader that takes nothing.
const history = { batches: 40, lines: 50, characters: 16_000 };

describe("200 readers of one job, and ten that never read (fault 23)", () => {
  let database: TestDatabase;
  let api: ServiceProcess;
  let client: JobClient;
  let port: number;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    api = startService("api", { DATABASE_URL: database.url, DATA_DIR: tmpdir(), PORT: "0" });
    port = Number((await api.logged(({ msg }) => msg === "listening"))["port"]);
    client = createJobClient(`http://127.0.0.1:${String(port)}`);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await api.end("SIGTERM");
    await database.remove();
  });

  const residentMb = async () => {
    const status = await readFile(`/proc/${String(api.pid)}/status`, "utf8").catch(() => "");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024;
  };
  const streams = async () =>
    Number(/^longshore_api_event_readers (\d+)$/m.exec(await (await client.request("/metrics")).text())?.[1]);

  test("each of the 200 gets every event once and on time, the ten are dropped, and memory stays bounded", async () => {
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
      socket.write(`GET /events/${job} HTTP/1.1\r\nHost: a\r\n\r\n`);
      sockets.push(socket);
    }
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
    await expect.poll(streams, { timeout: 20_000 }).toBeGreaterThanOrEqual(readers);
    const residentBefore = await residentMb();
    const line = "x".repeat(200);
    for (let batch = 0; batch < batches; batch += 1)
      await printLines(sql, fence, Array<string>(linesPerBatch).fill(line));
    const printedAt = performance.now();
    await expect.poll(streams, { timeout: 30_000 }).toBe(readers);
    const grown = (await residentMb()) - residentBefore;
    await finishJob(sql, fence, "failed", null);
    const all = await Promise.all(reading);
    const wanted = Array.from({ length: batches * linesPerBatch + 2 }, (_, index) => before + index + 1);
    for (const seen of all) expect(seen).toEqual(wanted);
    // 200 times 600 lines; on a machine that does nothing else the last of them after a second.
    expect(lastHeard - printedAt).toBeLessThan(15_000);
    expect(grown).toBeLessThan(200);
  }, 90_000);
});
