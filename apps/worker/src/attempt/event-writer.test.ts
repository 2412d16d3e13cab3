import { randomUUID } from "node:crypto";
import { setInterval } from "node:timers/promises";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { appendEvents, type JobProgress } from "@longshore/shared/db/append-events";
import { connectDatabase, type Database, type Sql } from "@longshore/shared/db/connect-database";
import type { Fence } from "@longshore/shared/db/fence";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { type Result, succeed } from "@longshore/shared/domain/result";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPostgresServer, type PostgresServer } from "../../../../tests/support/postgres-server.ts";
import { logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { createEventWriter, type EventWriter } from "./event-writer.ts";

const logger = createLogger("test", "fatal");
type Append = (
  base: number,
  events: readonly NewEvent[],
  progress: JobProgress,
) => Promise<Result<number, "lease_lost">>;

/** A writer, and what it told of. */
function writerWith(append: Append, lastSeq = 0) {
  const losing = new AbortController();
  const told = { stored: [] as number[], lost: 0, broken: [] as unknown[] };
  const writer = createEventWriter({
    ...{ lastSeq, append, logger, fenced: losing.signal },
    onLeaseLost: () => {
      told.lost += 1;
      losing.abort();
    },
    onBroken: (error) => void told.broken.push(error),
    onAgentSeqStored: (seq) => void told.stored.push(seq),
  });
  return { writer, told, losing };
}

function addLines(writer: EventWriter, from: number, to: number): void {
  for (let n = from; n <= to; n += 1) for (const event of logLines(String(n))) writer.add(event);
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

async function storedTexts(sql: Sql, jobId: string): Promise<string[]> {
  const rows = await sql<{ seq: number; text: string }[]>`
    SELECT seq, text FROM job_events WHERE job_id = ${jobId} AND type = 'log' ORDER BY seq`;
  const first = rows[0]?.seq ?? 0;
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, position) => first + position));
  return rows.map(({ text }) => text);
}

async function lastSeqOf(sql: Sql, jobId: string): Promise<number> {
  const [row] = await sql<{ lastSeq: number }[]>`SELECT last_seq FROM jobs WHERE id = ${jobId}`;
  return row?.lastSeq ?? 0;
}

describe("a writer of events", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.remove());

  const forNewJob = async () => {
    const { sql } = database;
    const fence = await storeRunningJob(sql);
    const sizes: number[] = [];
    const append: Append = (base, events, progress) => {
      sizes.push(events.length);
      return appendEvents(sql, fence, base, events, progress);
    };
    return { fence, sizes, ...writerWith(append, await lastSeqOf(sql, fence.jobId)) };
  };

  test("writes everything, in order, in batches, however fast it comes", async () => {
    const { writer, fence, sizes, told } = await forNewJob();
    addLines(writer, 1, 11_999);
    writer.frame(3, () => {
      addLines(writer, 12_000, 12_000);
      return null;
    });
    await writer.flush();
    expect(await storedTexts(database.sql, fence.jobId)).toEqual(numbers(1, 12_000));
    expect(Math.max(...sizes)).toBe(1_000);
    expect(sizes.length).toBeLessThan(15);
    expect(told).toEqual({ stored: [3], lost: 0, broken: [] });
  });

  test("writes the first line at once, and gathers those of a trickle that goes on: no more than 50 batches a second", async () => {
    const { writer, fence, sizes } = await forNewJob();
    const began = performance.now();
    addLines(writer, 1, 1);
    expect(sizes).toEqual([1]);
    let n = 1;
    for await (const _tick of setInterval(5)) {
      addLines(writer, (n += 1), n);
      if (n === 300) break;
    }
    const seconds = (performance.now() - began) / 1_000;
    // The ten that a short Job has for nothing, and one that is told by a timer that comes early.
    expect(sizes.length).toBeLessThanOrEqual(11 + 50 * seconds);
    await writer.flush();
    expect(await storedTexts(database.sql, fence.jobId)).toEqual(numbers(1, 300));
  });

  test("stores an agent's frame with its number in one statement, whatever else comes with it, and tells of it then", async () => {
    const { sql } = database;
    const fence = await storeRunningJob(sql);
    const batches: (readonly [number, number])[] = [];
    const { writer, told } = writerWith(
      async (base, events, progress) => {
        const result = await appendEvents(sql, fence, base, events, progress);
        batches.push([events.length, progress.agentSeq ?? 0]);
        return result;
      },
      await lastSeqOf(sql, fence.jobId),
    );
    for (let frame = 1; frame <= 30; frame += 1) {
      writer.frame(frame, () => {
        addLines(writer, frame * 400 - 399, frame * 400);
        writer.progress({ resume: { turn: frame } });
        return null;
      });
    }
    await writer.flush();
    let lines = 0;
    for (const [count, agentSeq] of batches) expect((lines += count)).toBe(agentSeq * 400);
    expect(batches[0]).toEqual([400, 1]);
    expect(batches.length).toBeLessThan(20);
    expect(told.stored).toEqual(batches.map(([, agentSeq]) => agentSeq));
    const rows = await sql`SELECT agent_seq, resume FROM jobs WHERE id = ${fence.jobId}`;
    expect(rows).toEqual([{ agentSeq: 30, resume: { turn: 30 } }]);
  });

  test("stores a frame that is larger than a batch whole and alone", async () => {
    const { writer, sizes, told } = await forNewJob();
    for (const [frame, count] of [10, 2_500, 10].entries())
      writer.frame(frame + 1, () => {
        addLines(writer, 1, count);
        return null;
      });
    await writer.flush();
    expect(sizes).toEqual([10, 2_500, 10]);
    expect(told.stored).toEqual([1, 2, 3]);
  });

  test("keeps what a frame told before it broke the protocol, and not its number: the next owner is told it again", async () => {
    const { writer, fence, told } = await forNewJob();
    writer.frame(1, () => null);
    const breach = writer.frame(2, () => {
      addLines(writer, 1, 2);
      return "out of turn";
    });
    await writer.flush();
    expect(breach).toBe("out of turn");
    expect(await storedTexts(database.sql, fence.jobId)).toEqual(["1", "2"]);
    expect(told.stored).toEqual([1]);
    const rows = await database.sql`SELECT agent_seq FROM jobs WHERE id = ${fence.jobId}`;
    expect(rows).toEqual([{ agentSeq: 1 }]);
  });

  test("stores what belongs together in one statement, also where that is within a frame", async () => {
    const { writer, sizes } = await forNewJob();
    writer.together(() => addLines(writer, 1, 3));
    writer.frame(1, () => {
      addLines(writer, 4, 4);
      writer.together(() => addLines(writer, 5, 6));
      addLines(writer, 7, 7);
      return null;
    });
    await writer.flush();
    expect(sizes).toEqual([3, 4]);
  });

  test("changes the job's row beside the events, and without any", async () => {
    const { writer, fence } = await forNewJob();
    writer.add({ type: "state", body: { status: "running", node: "shell", attempt: 1 } }, { node: "shell" });
    writer.progress({ sandbox: { provider: "docker", runtime: "runc", warm: false } });
    await writer.flush();
    const [row] = await database.sql`SELECT node, sandbox FROM jobs WHERE id = ${fence.jobId}`;
    expect(row).toEqual({ node: "shell", sandbox: { provider: "docker", runtime: "runc", warm: false } });
  });

  test("whose lease another worker has taken writes nothing more, says so once, and refuses to say that all is stored", async () => {
    const { writer, fence, told } = await forNewJob();
    addLines(writer, 1, 3);
    await writer.flush();
    await database.sql`UPDATE jobs SET lease_owner = ${randomUUID()} WHERE id = ${fence.jobId}`;
    addLines(writer, 4, 6);
    await expect(writer.flush()).rejects.toThrow("aborted");
    addLines(writer, 7, 9);
    await expect(writer.flush()).rejects.toThrow("aborted");
    expect(told).toMatchObject({ lost: 1, broken: [] });
    expect(await storedTexts(database.sql, fence.jobId)).toEqual(["1", "2", "3"]);
  });

  test("that the database refuses for a bug of ours says so, and does not go on", async () => {
    const { writer, told } = writerWith(() => Promise.reject(new Error("a constraint")));
    addLines(writer, 1, 1);
    await expect(writer.flush()).rejects.toThrow("events could not be stored");
    addLines(writer, 2, 2);
    await expect(writer.flush()).rejects.toThrow("events could not be stored");
    expect(told.broken).toHaveLength(1);
  });

  test.each(Array.from({ length: 12 }, (_, count) => count))(
    "leaves nothing behind that is added %d turns of the loop after a batch is stored",
    async (turns) => {
      const written: string[] = [];
      let late: Promise<void> | undefined;
      const { writer } = writerWith((base, events) => {
        for (const event of events) if (event.type === "log") written.push(event.text);
        late ??= afterTurns(turns).then(() => addLines(writer, 2, 2));
        return Promise.resolve(succeed(base + events.length));
      });
      addLines(writer, 1, 1);
      await Promise.resolve();
      await late;
      await writer.flush();
      expect(written).toEqual(["1", "2"]);
    },
  );
});

async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

describe("a writer whose database goes away and comes back", () => {
  let server: PostgresServer;
  let database: Database;
  let fence: Fence;
  beforeAll(async () => {
    server = await createPostgresServer();
    await migrateDatabase(server.url);
  });
  beforeEach(async () => {
    database = connectDatabase({ url: server.url, maxConnections: 4, applicationName: "writer" });
    fence = await storeRunningJob(database.sql);
  });
  afterEach(() => database.close());
  afterAll(() => server.remove());

  test("stores every event once and in order, what came while it was away included", async () => {
    const { sql } = database;
    const append: Append = (base, events, progress) => appendEvents(sql, fence, base, events, progress);
    const { writer, told } = writerWith(append, await lastSeqOf(sql, fence.jobId));
    addLines(writer, 1, 2_000);
    const stopping = server.stop();
    for (let n = 2_001; n <= 4_000; n += 100) {
      addLines(writer, n, n + 99);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stopping;
    addLines(writer, 4_001, 6_000);
    await server.start();
    await writer.flush();
    expect(told).toMatchObject({ lost: 0, broken: [] });
    // By a client that has not lived through it: postgres.js may give the end of a connection to the next query too.
    const reader = connectDatabase({ url: server.url, maxConnections: 2, applicationName: "reader" });
    try {
      expect(await storedTexts(reader.sql, fence.jobId)).toEqual(numbers(1, 6_000));
    } finally {
      await reader.close();
    }
  }, 60_000);

  test("gives up while it is away where the lease is lost meanwhile", async () => {
    const { sql } = database;
    const append: Append = (base, events, progress) => appendEvents(sql, fence, base, events, progress);
    const { writer, losing } = writerWith(append, await lastSeqOf(sql, fence.jobId));
    await server.stop();
    addLines(writer, 1, 1);
    const flushed = writer.flush();
    losing.abort();
    await expect(flushed).rejects.toThrow("aborted");
    await server.start();
  }, 60_000);
});
