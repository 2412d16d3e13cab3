import { DatabaseAway } from "@longshore/shared/db/database-away";
import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import { whileDatabaseAway } from "./while-database-away.ts";

const logger = createLogger("test", "fatal");
const never = new AbortController().signal;

test("does it again until the database is back, and gives what it gave", async () => {
  let tries = 0;
  const write = () => {
    tries += 1;
    return tries < 3 ? Promise.reject(new DatabaseAway("away")) : Promise.resolve("written");
  };
  expect(await whileDatabaseAway(write, never, logger)).toBe("written");
  expect(tries).toBe(3);
});

test("an error that says nothing of the database being away is thrown at once", async () => {
  await expect(whileDatabaseAway(() => Promise.reject(new Error("a bug")), never, logger)).rejects.toThrow(
    "a bug",
  );
});

test("is given up, also in its pause, when nothing may be written any more", async () => {
  const losing = new AbortController();
  const written = whileDatabaseAway(() => Promise.reject(new DatabaseAway("away")), losing.signal, logger);
  losing.abort();
  expect(await written).toBeNull();
  expect(await whileDatabaseAway(() => Promise.resolve("late"), losing.signal, logger)).toBeNull();
});
