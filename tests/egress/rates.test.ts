import { createServer } from "node:http";
import type { AgentEgressFrame } from "@longshore/shared/contracts/egress-wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEgress, type Egress } from "../../apps/worker/src/egress/create-egress.ts";
import { type EgressPaces, egressPaces } from "../../apps/worker/src/egress/egress-paces.ts";
import { toReach } from "../../apps/worker/src/egress/judge-target.ts";
import {
  converse,
  createTestWorld,
  dial,
  exampleAddress,
  hear,
  listen,
  openEgressBench,
  type TestWorld,
} from "./egress-bench.ts";
import { connectTo } from "./evasion-world.ts";

const allow = ["example.test", "example.test:9000"];
const web = createServer((_, response) => response.end("reached"));
/** Smaller than the product's, so that a busy machine is still faster. */
const slow = { perSecond: 5, burst: 4 };
const times = 8;
const leastMs = ((times - slow.burst) / slow.perSecond) * 1_000 - 50;
let world: TestWorld;

beforeAll(async () => {
  const port = await listen(web);
  const places = { [`${exampleAddress}:80`]: port, [`${exampleAddress}:9000`]: port };
  world = createTestWorld({ "example.test": [exampleAddress] }, places);
});
afterAll(() => {
  web.closeAllConnections();
  web.close();
});

const heldTo = (lines: readonly string[]) => lines.filter((line) => line.includes(" held to "));

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) await work();
  return performance.now() - began;
}

describe("a program that is in a hurry", () => {
  it("and connects and closes in a loop, has so many new connections a second, and its log says so once", async () => {
    await using bench = await openRateBench();
    const before = world.connected.length;
    const tookMs = await timed(async () => {
      expect(await converse(bench.port, connectTo("example.test:9000"), "\r\n\r\n")).toContain("200");
    });
    expect(tookMs).toBeGreaterThan(leastMs);
    expect(world.connected.length - before).toBe(times);
    expect(heldTo(bench.lines)).toEqual(["network: held to 5 new connections a second"]);
  });

  it("and asks again and again on one connection, has so many requests a second", async () => {
    await using bench = await openRateBench();
    const socket = await dial(bench.port);
    const tookMs = await timed(async () => {
      socket.write("GET http://example.test/ HTTP/1.1\r\nHost: x\r\n\r\n");
      expect(await hear(socket, "reached")).toContain("200 OK");
    });
    socket.destroy();
    expect(tookMs).toBeGreaterThan(leastMs);
    expect(heldTo(bench.lines)).toEqual(["network: held to 5 requests a second"]);
  });

  it("and goes before its requests are served, has its next one as if it had not asked", async () => {
    await using bench = await openRateBench({ requests: slow });
    const request = "GET http://example.test/ HTTP/1.1\r\nHost: x\r\n\r\n";
    for (let time = 0; time < slow.burst; time += 1)
      expect(await converse(bench.port, request, "reached")).toContain("200 OK");
    const began = performance.now();
    for (let time = 0; time < 50; time += 1) {
      const socket = await dial(bench.port);
      socket.write(request, () => socket.destroy());
    }
    expect(await converse(bench.port, request, "reached")).toContain("200 OK");
    // The fifty would have had 10 s.
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it("and has new connections wait, is served on those that it has", async () => {
    const everyMs = 10_000;
    await using bench = await openRateBench({ connections: { perSecond: 1_000 / everyMs, burst: 1 } });
    const first = await dial(bench.port);
    first.write(connectTo("example.test:9000"));
    expect(await hear(first, "\r\n\r\n")).toContain("200 Connection established");
    const began = performance.now();
    const others = await Promise.all(Array.from({ length: 5 }, () => dial(bench.port)));
    for (const other of others) other.write(connectTo("example.test:9000"));
    await expect.poll(() => heldTo(bench.lines).length, { timeout: 10_000 }).toBe(1);
    first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await hear(first, "reached")).toContain("200 OK");
    expect(performance.now() - began).toBeLessThan(everyMs);
    for (const socket of [first, ...others]) socket.destroy();
  });
});

async function openRateBench(own: Partial<EgressPaces> = { connections: slow, requests: slow }) {
  const paces = { ...egressPaces, ...own };
  const bench = await openEgressBench({ allow }, { ...world.settings, paces });
  return { ...bench, [Symbol.asyncDispose]: bench.close };
}

describe("an agent that has fallen to a program, and sends messages of connections without end,", () => {
  function egressOf(lines: string[], paces: EgressPaces): Egress {
    const reach = toReach({ allow }, false);
    if (reach === null) throw new Error("it has a network");
    return createEgress({
      ...{ ...world.settings, mostBytes: Number.MAX_SAFE_INTEGER, reach, bytesBefore: 0 },
      paces,
      send: () => Promise.resolve(),
      say: (line) => void lines.push(line),
    });
  }

  /** Sends it until that is a breach. Gives how often that was, and which. */
  function sendUntilBreach(egress: Egress, frameOf: (time: number) => AgentEgressFrame) {
    for (let time = 1; time <= 100_000; time += 1) {
      const frame = frameOf(time);
      const breaches: string[] = [];
      egress.take(frame, JSON.stringify(frame).length + 1, (reason) => breaches.push(reason));
      if (breaches.length > 0) return { time, breach: breaches[0] };
    }
    return { time: Infinity, breach: undefined };
  }

  it.each<[string, AgentEgressFrame]>([
    ["that say nothing", { type: "egress_end", connection: 1 }],
    ["of data that is nobody's", { type: "egress_data", connection: 1, data: "A".repeat(20_000) }],
  ])("%s, has as many taken as it may send, and is cut off a window later", (_, frame) => {
    const lines: string[] = [];
    const egress = egressOf(lines, { ...egressPaces, messages: { perSecond: 100, burst: 100 } });
    const { time, breach } = sendUntilBreach(egress, () => frame);
    egress.stop();
    expect(breach).toBe("the agent sent more of connections than its window");
    expect(time).toBeGreaterThan(100);
    // What a window holds of the smallest, and what comes due while they are sent.
    expect(time).toBeLessThan(100 + (96 * 1_024) / 38 + 1_000);
    expect(lines).toEqual(["network: held to 100 messages a second"]);
  });

  it("and opens connections and closes them, all in one piece, has no more of them than are open", () => {
    const lines: string[] = [];
    const egress = egressOf(lines, egressPaces);
    const breaches: string[] = [];
    for (let connection = 1; connection <= 150; connection += 1)
      for (const type of ["egress_open", "egress_close"] as const)
        egress.take({ type, connection }, 40, (reason) => breaches.push(reason));
    egress.stop();
    expect(breaches).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("and opens connections, has no more of them than it may", () => {
    const lines: string[] = [];
    const egress = egressOf(lines, egressPaces);
    const { time, breach } = sendUntilBreach(egress, (connection) => ({ type: "egress_open", connection }));
    egress.stop();
    expect(breach).toBe("the agent opened more connections than it may");
    expect(time).toBeLessThan(200);
  });
});
