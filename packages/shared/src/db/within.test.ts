import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { DatabaseAway } from "./database-away.ts";
import { mostSent, mostWaiting, within } from "./within.ts";

let real: TestDatabase;
let gate: Server;
let sockets: Socket[];
let frozen: boolean;
let behindGate: Database;
beforeEach(async () => {
  real = await createTestDatabase();
  const { hostname, port } = new URL(real.url);
  sockets = [];
  frozen = false;
  gate = createServer((client) => {
    sockets.push(client.on("error", () => undefined));
    if (frozen) return;
    const upstream = connect(Number(port), hostname).on("error", () => undefined);
    sockets.push(upstream);
    client.pipe(upstream).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(gate, "listening");
  // safety: it listens on TCP.
  const address = gate.address() as AddressInfo;
  const url = Object.assign(new URL(real.url), { host: `127.0.0.1:${String(address.port)}` }).href;
  behindGate = connectDatabase({ url, maxConnections: 2, applicationName: "gate" });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  gate.close();
  await behindGate.close();
  await real.remove();
});

const drop = () => {
  for (const socket of sockets) socket.resetAndDestroy();
};

test("a database that freezes and then drops its connections leaves no failure that nobody handles", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    await behindGate.sql`SELECT 1`;
    frozen = true;
    for (const socket of sockets) socket.unpipe();
    await expect(within(behindGate.sql`SELECT 2`, 200)).rejects.toBeInstanceOf(DatabaseAway);
    // Time for whatever was opened to cancel it.
    await pause(100);
    drop();
    await pause(100);
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("the server itself ends a statement that nobody waits for any more", async () => {
  const rows = await real.sql<{ statementTimeout: string }[]>`SHOW statement_timeout`;
  expect(rows[0]?.statementTimeout).toBe("10s");
});

test("row 9: while the database is frozen statements beyond a bound fail at once, and what waited is never sent", async () => {
  await behindGate.sql`SELECT 1`;
  await real.sql`CREATE TABLE late (n integer)`;
  for (const socket of sockets) socket.pause();
  const given = Array.from({ length: mostSent + mostWaiting }, (_, n) =>
    within(behindGate.sql`INSERT INTO late VALUES (${n})`, 300),
  );
  const refusedAt = performance.now();
  await expect(within(behindGate.sql`INSERT INTO late VALUES (-1)`)).rejects.toThrow("statements wait");
  expect(performance.now() - refusedAt).toBeLessThan(100);
  for (const each of await Promise.allSettled(given)) expect(each.status).toBe("rejected");
  await expect(within(behindGate.sql`INSERT INTO late VALUES (-2)`, 300)).rejects.toThrow("within 300 ms");
  for (const socket of sockets) socket.resume();
  const stored = async () =>
    (await real.sql<{ n: number }[]>`SELECT n FROM late ORDER BY n`).map(({ n }) => n);
  await expect.poll(stored, { timeout: 20_000 }).toHaveLength(mostSent);
  await within(behindGate.sql`INSERT INTO late VALUES (${mostSent})`);
  expect(await stored()).toEqual(Array.from({ length: mostSent + 1 }, (_, n) => n));
});

test("statements that wait for their turn are all answered", async () => {
  const answers: number[] = [];
  const asked = Array.from({ length: mostSent * 3 }, async (_, n) => {
    const [row] = await within(behindGate.sql<{ n: number }[]>`SELECT ${n}::integer AS n`);
    answers.push(row?.n ?? -1);
  });
  await Promise.all(asked);
  expect(answers.toSorted((one, other) => one - other)).toEqual(asked.map((_, n) => n));
});
