import { connectDatabase } from "@longshore/shared/db/connect-database";
import { DatabaseAway } from "@longshore/shared/db/database-away";
import { QueueAway } from "@longshore/shared/queue/queue-away";
import { createComponentStates } from "@longshore/shared/runtime/component-states";
import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import { createKnownTrouble, type KnownTrouble } from "./known-trouble.ts";
import { engineCall } from "./sandbox/docker/engine-call.ts";

const lost = (code: string) => Object.assign(new Error(code), { code });
const slow = new DatabaseAway("the database did not answer within 10000 ms");
const well = { state: "ok", reason: null } as const;

/** A worker whose clock a test sets, and what it has logged of its components. */
function watched() {
  const told: string[] = [];
  const write = (line: string) => {
    // safety: pino writes one JSON object a line.
    const { component, state } = JSON.parse(line) as Record<string, string>;
    told.push(`${component ?? ""} ${state ?? ""}`);
  };
  let ms = 0;
  const states = createComponentStates(createLogger("test", "info", { write }), [], () => ms);
  const isKnown = createKnownTrouble(states);
  return {
    told,
    /** Says at that time that the component has answered. */
    answers: (component: string, at: number) => {
      ms = at;
      states.report(component, well, at - 1);
    },
    failsAt: (at: number, ...[error, began]: Parameters<KnownTrouble>) => {
      ms = at;
      return isKnown(error, began);
    },
  };
}

test("who meets first that the database is gone has it told, once", () => {
  const { failsAt, told } = watched();
  expect(failsAt(20, lost("CONNECT_TIMEOUT"), 10)).toBe(true);
  expect(failsAt(25, slow, 10)).toBe(true);
  expect(failsAt(30, lost("CONNECTION_CLOSED"), 29)).toBe(true);
  expect(told).toEqual(["database away"]);
});

test("what began while the database was frozen and fails when it is back does not call it away again", () => {
  const { failsAt, answers, told } = watched();
  answers("database", 1_000);
  expect(failsAt(7_000, lost("CONNECT_TIMEOUT"), 2_000)).toBe(true);
  answers("database", 20_100);
  expect(failsAt(20_500, lost("CONNECT_TIMEOUT"), 15_500)).toBe(true);
  expect(failsAt(20_600, slow, 10_600)).toBe(true);
  expect(told).toEqual(["database away", "database ok"]);
});

test("what began after the database was back and loses its connection is a new outage", () => {
  const { failsAt, answers, told } = watched();
  expect(failsAt(7_000, lost("CONNECT_TIMEOUT"), 2_000)).toBe(true);
  answers("database", 20_100);
  expect(failsAt(21_000, lost("CONNECTION_CLOSED"), 20_200)).toBe(true);
  expect(told).toEqual(["database away", "database ok", "database away"]);
});

test("a statement that waits too long for a database that answers others, and a bug, are nobody's but their own", () => {
  const { failsAt, answers, told } = watched();
  answers("database", 1_000);
  expect(failsAt(12_000, slow, 2_000)).toBe(false);
  expect(failsAt(12_000, new TypeError("bug"), 11_000)).toBe(false);
  expect(told).toEqual([]);
});

test("an engine that is gone is told of the engine, and the database is left out of it", async () => {
  const { failsAt, told } = watched();
  const gone = await engineCall("list", { timeoutMs: 1_000 }, () =>
    Promise.reject(lost("ECONNREFUSED")),
  ).catch((error: unknown) => error);
  expect(failsAt(20, gone, 10)).toBe(true);
  expect(told).toEqual(["engine away"]);
});

test("a database that refuses is told of the database, and the engine is left out of it", async () => {
  const { failsAt, told } = watched();
  // Nobody listens on it.
  const database = connectDatabase({
    url: "postgres://127.0.0.1:1",
    maxConnections: 2,
    applicationName: "test",
  });
  const refused = await database.sql`SELECT 1`.catch((error: unknown) => error);
  await database.close();
  expect(failsAt(20, refused, 10)).toBe(true);
  expect(told).toEqual(["database away"]);
});

test("a file that is not there is nobody's outage", () => {
  const { failsAt, told } = watched();
  expect(failsAt(20, lost("ENOENT"), 10)).toBe(false);
  expect(told).toEqual([]);
});

test("a queue that is away is told elsewhere", () => {
  const { failsAt, told } = watched();
  expect(failsAt(20, new QueueAway("gone"), 10)).toBe(true);
  expect(told).toEqual([]);
});
