import { expect, test } from "vitest";
import { connectionReason } from "./connection-reason.ts";

/** A connection that Node refuses to make: port 9 is one of those that the Fetch standard blocks. */
async function fetchBlockedPort(): Promise<unknown> {
  return fetch("http://127.0.0.1:9/").catch((error: unknown) => error);
}

test("a connection that was never made is not called one that was cut", async () => {
  expect(connectionReason(await fetchBlockedPort())).toEqual({
    timedOut: false,
    reason: "the connection failed",
  });
});

test("the code is found down the chain of causes, and told", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  expect(connectionReason(new TypeError("fetch failed", { cause: refused }))).toEqual({
    timedOut: false,
    reason: "the connection was refused (ECONNREFUSED)",
  });
});
