import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  converse,
  createTestWorld,
  dial,
  type EgressBench,
  exampleAddress,
  hear,
  listen,
  openEgressBench,
  type TestWorld,
} from "./egress-bench.ts";
import { connectTo, get } from "./evasion-world.ts";

const mb = 1_048_576;
const allow = ["example.test", "quiet.test:9000"];
const names = { "example.test": [exampleAddress], "quiet.test": [exampleAddress] };

/** Hosts: one that answers, with much at /large, and one that says nothing until it is asked to. */
const heard: Socket[] = [];
const web = createHttpServer((request, response) => {
  response.end(request.url === "/large" ? Buffer.alloc(3 * mb) : `reached ${request.headers.host ?? ""}`);
});
const quiet = createServer({ allowHalfOpen: true }, (socket) => {
  heard.push(socket);
  socket.on("error", () => undefined).on("end", () => socket.end());
  socket.on("data", () => socket.write("heard"));
});
let world: TestWorld;
const open: EgressBench[] = [];

beforeAll(async () => {
  world = createTestWorld(names, {
    [`${exampleAddress}:80`]: await listen(web),
    [`${exampleAddress}:9000`]: await listen(quiet),
  });
});
afterAll(async () => {
  for (const bench of open) await bench.close();
  for (const socket of heard) socket.destroy();
  web.closeAllConnections();
  web.close();
  quiet.close();
});

/** A program's way out, with some bounds that are smaller than the product's. */
async function bench(bounds: Partial<TestWorld["settings"]> = {}): Promise<EgressBench> {
  const opened = await openEgressBench({ allow }, { ...world.settings, ...bounds });
  open.push(opened);
  return opened;
}

/** A tunnel to the host that says nothing, through the proxy. */
async function tunnel(port: number): Promise<Socket> {
  const socket = await dial(port);
  socket.write(connectTo("quiet.test:9000"));
  expect(await hear(socket, "\r\n\r\n")).toContain("200 Connection established");
  return socket;
}

/** Says a byte again and again, so that the connection is never idle, until it is cut. Gives after how many ms that was. */
async function drip(socket: Socket, byte: string): Promise<number> {
  const began = performance.now();
  const dripping = setInterval(() => socket.write(byte), 10);
  await hear(socket);
  clearInterval(dripping);
  return performance.now() - began;
}

describe("a job's programs have no more of the network than its bounds, of which", () => {
  it("64 connections at once: the next one is cut, the log says why, and when one has ended there is room", async () => {
    const { port, lines } = await bench();
    const tunnels = await Promise.all(Array.from({ length: 64 }, () => tunnel(port)));
    expect(await converse(port, get("http://example.test/"))).toBe("");
    expect(lines).toEqual(["network: no connection to one more host: 64 connections are open at once"]);
    const [first, second] = tunnels;
    if (first === undefined || second === undefined) throw new Error("there are 64");
    first.end();
    await hear(first);
    await expect
      .poll(() => converse(port, get("http://example.test/")), { timeout: 10_000 })
      .toContain("reached example.test");
    second.write("x");
    expect(await hear(second, "heard")).toBe("heard");
    for (const each of tunnels) each.destroy();
  });

  it("a connection without a byte is cut at both ends when its time is over, and not while something is said", async () => {
    const idleMs = 1_000;
    const { port } = await bench({ idleMs });
    const before = heard.length;
    const socket = await tunnel(port);
    const began = performance.now();
    let answers = 0;
    socket.on("data", () => {
      answers += 1;
      if (performance.now() - began < 1.5 * idleMs) setTimeout(() => socket.write("x"), idleMs / 20);
    });
    socket.write("x");
    await hear(socket);
    expect(performance.now() - began).toBeGreaterThanOrEqual(2.5 * idleMs - 100);
    expect(answers).toBeGreaterThan(3);
    await expect.poll(() => heard[before]?.destroyed, { timeout: 10_000 }).toBe(true);
  });

  it.each([
    ["a request's head", "GET http://example.test/ HTTP/1.1\r\nX-Slow: ", "a"],
    ["a CONNECT's head", "CONNECT quiet.test:9000 HTTP/1.1\r\nX-Slow: ", "a"],
    ["a SOCKS greeting", "\x05\xff", "\0"],
    ["a SOCKS request", "\x05\x01\0\x05\x01\0\x03\xff", "a"],
    ["nothing but line breaks", "\r\n", "\r\n"],
  ])("%s that comes byte by byte, and never ends, is given up after its time", async (_, begin, byte) => {
    const headMs = 500;
    const { port } = await bench({ headMs });
    const socket = await dial(port);
    socket.write(Buffer.from(begin, "latin1"));
    expect(await drip(socket, byte)).toBeGreaterThanOrEqual(headMs / 2);
    expect(await converse(port, get("http://example.test/"))).toContain("reached example.test");
  });

  it("a TLS hello that comes byte by byte is given up after its time, and the log says why", async () => {
    const helloMs = 400;
    const { port, lines } = await bench({ helloMs });
    const socket = await dial(port);
    socket.write(connectTo("example.test:80"));
    await hear(socket, "\r\n\r\n");
    socket.write(Buffer.from([22, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb]));
    expect(await drip(socket, "\x03")).toBeGreaterThanOrEqual(helloMs / 2);
    expect(lines).toEqual([
      "network: no connection to example.test:80: the program did not say whom it wants to speak with",
    ]);
  });

  it("EGRESS_MB: what is over it is cut, the log says so once, and nothing more is reached", async () => {
    const { port, lines, egress } = await bench({ mostBytes: 2 * mb });
    expect(await converse(port, get("http://example.test/"))).toContain("reached example.test");
    const large = await converse(port, get("http://example.test/large"));
    expect(large.length).toBeGreaterThan(mb / 2);
    expect(large.length).toBeLessThan(3 * mb);
    expect(egress.bytes()).toBeLessThan(3 * mb);
    expect(await converse(port, get("http://example.test/"))).toBe("");
    const usedUp = "the 2 MB that a job may move are used up (EGRESS_MB)";
    expect(lines).toEqual([
      `network: no connection to any host from here on: ${usedUp}`,
      `network: no connection to one more host: ${usedUp}`,
    ]);
  });
});
