import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { longestFirstLineBytes } from "./first-line.ts";
import { createOwnership, type Connection, type Ownership } from "./ownership.ts";
import { listenForRelays, mostStrangers, strangerMs } from "./relay-listener.ts";

const first: Connection = { send: () => undefined, close: () => undefined };
let name: string;
let ownership: Ownership;
let heard: string;
let clients: Socket[];
let stop: () => void;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  name = `test-${randomUUID()}`;
  ownership = createOwnership(first);
  ownership.setToken("right");
  [heard, clients] = ["", []];
  stop = await listenForRelays(name, {
    admit(connection, resume) {
      if (!ownership.admit(connection, resume)) return false;
      connection.send(Buffer.from(`hello ${String(resume.epoch)}\n`));
      return true;
    },
    inputOf: () => (bytes) => (heard += bytes.toString("utf8")),
    lose: ownership.lose,
  });
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of clients) socket.destroy();
  stop();
});

interface Client {
  readonly socket: Socket;
  text: string;
  closed: boolean;
}

/** Connects to the agent's socket, and says something at once. */
function knock(words = ""): Client {
  const socket = connect({ path: `\0${name}` });
  const client: Client = { socket, text: "", closed: false };
  clients.push(socket);
  socket.on("error", () => undefined);
  socket.on("data", (bytes: Buffer) => (client.text += bytes.toString("utf8")));
  socket.on("close", () => (client.closed = true));
  if (words !== "") socket.write(words);
  return client;
}

const resumeLine = (epoch: number, token = "right") =>
  `${JSON.stringify({ type: "resume", after: 0, epoch, token })}\n`;

/** Waits by turns of the loop, as the clock stands still here. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("it did not come about within 5 s");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("the socket has exactly its name, without an end mark or a filling", () => {
  const names = readFileSync("/proc/net/unix", "utf8")
    .split("\n")
    .map((line) => line.split(" ").at(-1));
  expect(names).toContain(`@${name}`);
});

test("a second listener of the name is told that it cannot", async () => {
  const deps = { admit: () => true, inputOf: () => () => undefined, lose: () => undefined };
  await expect(listenForRelays(name, deps)).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("what follows the first line, in the same piece or later, is the owner's", async () => {
  const relay = knock(`${resumeLine(1)}{"more":`);
  await until(() => relay.text === "hello 1\n");
  relay.socket.write("true}\n");
  await until(() => heard === '{"more":true}\n');
});

test("a first line may come in pieces", async () => {
  const line = resumeLine(1);
  const relay = knock(line.slice(0, 9));
  await until(() => relay.socket.bytesWritten === 9);
  relay.socket.write(line.slice(9));
  await until(() => relay.text === "hello 1\n");
});

test.each([
  ["a wrong token", resumeLine(1, "wrong")],
  ["another frame", '{"type":"cancel"}\n'],
  ["no frame", "GET / HTTP/1.1\n"],
  ["an empty line", "\n"],
  ["a line that is too long", "x".repeat(longestFirstLineBytes + 1)],
  ["a resume behind too much else", `${" ".repeat(longestFirstLineBytes)}${resumeLine(1)}`],
])("%s is closed without a word, and the owner stays", async (_, words) => {
  const stranger = knock(words);
  await until(() => stranger.closed);
  expect(stranger.text).toBe("");
  expect(ownership.isOwner(first)).toBe(true);
});

test("a first line of the longest length is read", async () => {
  const line = resumeLine(1).trimEnd();
  const relay = knock(`${line}${" ".repeat(longestFirstLineBytes - line.length)}\n`);
  await until(() => relay.text === "hello 1\n");
});

test("one that does not say who it is within its time is closed", async () => {
  const silent = knock("{");
  await until(() => vi.getTimerCount() === 1);
  vi.advanceTimersByTime(strangerMs - 1);
  const relay = knock(resumeLine(1));
  await until(() => relay.text === "hello 1\n");
  expect(silent.closed).toBe(false);
  vi.advanceTimersByTime(1);
  await until(() => silent.closed);
  expect(relay.closed).toBe(false);
});

test("of many that say nothing the oldest are closed, and a relay gets in between them", async () => {
  // No more at once than wait in the kernel: a client here, unlike the relay, does not wait for a place.
  const silent = Array.from({ length: 9 }, () => knock());
  const relay = knock(resumeLine(1));
  silent.push(...Array.from({ length: 6 }, () => knock()));
  await until(() => relay.text === "hello 1\n");
  await until(() => silent.filter(({ closed }) => closed).length === silent.length - mostStrangers);
  expect(silent.slice(-mostStrangers).some(({ closed }) => closed)).toBe(false);
  expect(relay.closed).toBe(false);
});

test("the next owner closes the relay of the one before, which reads nothing and has much to read", async () => {
  const frozen = connect({ path: `\0${name}` });
  clients.push(frozen);
  let frozenClosed = false;
  frozen.on("close", () => (frozenClosed = true));
  frozen.on("error", () => undefined);
  frozen.pause();
  frozen.write(resumeLine(1));
  await until(() => !ownership.isOwner(first));
  for (let frame = 0; frame < 100; frame++) ownership.send(Buffer.alloc(65_536, "x"));
  const next = knock(resumeLine(2));
  await until(() => next.text === "hello 2\n");
  frozen.resume();
  await until(() => frozenClosed);
});

test("an owner whose relay ends is lost, and what is sent then goes to nobody", async () => {
  const relay = knock(resumeLine(1));
  await until(() => relay.text === "hello 1\n");
  relay.socket.end();
  await until(() => relay.closed);
  ownership.send(Buffer.from("lost\n"));
  const next = knock(resumeLine(2));
  await until(() => next.text === "hello 2\n");
  expect(relay.text).toBe("hello 1\n");
});
