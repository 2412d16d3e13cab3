import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTimeline } from "../report/timeline.ts";
import { watchEngine } from "./watch-engine.ts";

/** An engine that has been asked for its events, and has not answered. */
let asked: ServerResponse[];
const engine = createServer((_, response) => asked.push(response));
beforeEach(async () => {
  asked = [];
  engine.listen(0, "127.0.0.1");
  await once(engine, "listening");
});
afterEach(async () => {
  engine.closeAllConnections();
  engine.close();
  await once(engine, "close");
});

const connections = () =>
  new Promise<number>((resolve, reject) => {
    engine.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
const answer = (times: number) => {
  asked[times - 1]?.writeHead(200).flushHeaders();
};
const watch = () => {
  // safety: a server that listens on a port has an address of this form.
  const { port } = engine.address() as AddressInfo;
  return watchEngine(
    new Docker({ host: "127.0.0.1", port, protocol: "http" }),
    "some",
    createTimeline(() => undefined),
  );
};

test("a watch that is closed leaves no connection, also where the engine was just asked anew and says nothing", async () => {
  const watching = watch();
  await expect.poll(() => asked.length).toBe(1);
  answer(1);
  const { close } = await watching;
  asked[0]?.destroy();
  await expect.poll(() => asked.length, { timeout: 5_000 }).toBe(2);
  close();
  await expect.poll(connections).toBe(0);
});

test("a watch that is closed while its stream is open leaves no connection, and asks no more", async () => {
  const watching = watch();
  await expect.poll(() => asked.length).toBe(1);
  answer(1);
  const { close } = await watching;
  close();
  await expect.poll(connections).toBe(0);
  expect(asked).toHaveLength(1);
});
