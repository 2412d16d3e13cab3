import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { describe, expect, it } from "vitest";
import { isEngineAway } from "./engine-away.ts";
import { engineCall, engineMessage, engineStatus, repeatCall } from "./engine-call.ts";

const never = (): Promise<never> => new Promise(() => undefined);

describe("engineCall", () => {
  it("names the call that an engine does not answer", async () => {
    await expect(engineCall("kill", { timeoutMs: 20 }, never)).rejects.toThrow(
      "The container engine did not answer kill within 20 ms.",
    );
  });

  it("throws the reason of its caller's signal, also of one that was aborted before", async () => {
    const stop = new AbortController();
    const call = engineCall("kill", { timeoutMs: 10_000, signal: stop.signal }, never);
    stop.abort(new Error("cancelled"));
    await expect(call).rejects.toThrow("cancelled");
    await expect(engineCall("x", { timeoutMs: 10, signal: stop.signal }, never)).rejects.toThrow("cancelled");
  });

  it("releases what comes when nobody waits any more", async () => {
    const late = Promise.withResolvers<string>();
    const released = Promise.withResolvers<string>();
    const options = { timeoutMs: 10, late: released.resolve };
    await expect(engineCall("attach", options, () => late.promise)).rejects.toThrow("did not answer");
    late.resolve("socket");
    expect(await released.promise).toBe("socket");
  });
});

describe("an engine that is away", () => {
  const lost = (code: string) => Object.assign(new Error(`connect ${code} /run/engine.sock`), { code });
  const failed = (error: Error) =>
    engineCall("ping", { timeoutMs: 10_000 }, () => Promise.reject(error)).catch((caught: unknown) => caught);

  it("is told by its calls alone: the same words of another connection are not", async () => {
    for (const code of ["ECONNREFUSED", "ENOENT", "ECONNRESET"]) {
      const called = await failed(lost(code));
      expect([code, isEngineAway(called), isDatabaseAway(called)]).toEqual([code, true, false]);
      expect([code, isEngineAway(lost(code)), isDatabaseAway(lost(code))]).toEqual([code, false, false]);
    }
  });

  it("is not one that answers, with whatever status", async () => {
    const answered = Object.assign(lost("ECONNRESET"), { statusCode: 500 });
    expect(isEngineAway(await failed(answered))).toBe(false);
    expect(isEngineAway(await failed(new Error("no code")))).toBe(false);
  });
});

describe("repeatCall", () => {
  it("repeats until it succeeds, and throws the last error where it does not", async () => {
    let count = 0;
    const failing = (until: number) => async (): Promise<number> => {
      count += 1;
      if (count < until) throw new Error(`no ${String(count)}`);
      return count;
    };
    expect(await repeatCall(1_000, failing(2))).toBe(2);
    count = 0;
    await expect(repeatCall(250, failing(9))).rejects.toThrow("no 2");
  });
});

describe("what an engine's error says", () => {
  const error = Object.assign(new Error("(HTTP code 409) unexpected - Conflict. The name is in use. "), {
    statusCode: 409,
  });

  it("is its status and its own words", () => {
    expect(engineStatus(error)).toBe(409);
    expect(engineStatus(new Error("connect ECONNREFUSED"))).toBeNull();
    expect(engineMessage(error)).toBe("Conflict. The name is in use.");
  });
});
