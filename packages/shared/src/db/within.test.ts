import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { DatabaseAway } from "./database-away.ts";
import { within } from "./within.ts";

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
