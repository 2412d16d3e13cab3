// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { eventData, type EventType } from "@longshore/shared/contracts/event";
import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, startServer } from "../../../apps/api/src/server.ts";
import { finishJob, printLines, startJob, storeJob } from "../../support/job-states.ts";
import { readStream } from "../../support/read-stream.ts";

let api: TestApi;
let server: HttpServer;
let url: string;

beforeAll(async () => {
  api = await createTestApi({ patienceMs: 1_000 });
  const started = await startServer(api.app, { host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.failure.message);
  server = started.value;
  url = `http://127.0.0.1:${String(server.port)}`;
});
afterAll(async () => {
  api.stop();
  await server.close(0);
  await api.remove();
});

const collect = async (path: string, headers: Record<string, string> = {}) => {
  const messages = [];
  for await (const message of readStream(await fetch(`${url}${path}`, { headers }))) messages.push(message);
  return messages;
};

test("an ended job's events are replayed, each valid by its schema, and the stream is closed", async () => {
  const id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  await printLines(api.database.sql, fence, ["a", "b\r\nc", "\u2028 d"]);
  await finishJob(api.database.sql, fence, "failed", null);
  const messages = await collect(`/events/${id}`);
  expect(messages.map((message) => message.id)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  expect(messages.map((message) => message.event)).toEqual([
    "state",
    "state",
    "log",
    "log",
    "log",
    "state",
    "end",
  ]);
  for (const { event, data } of messages) {
    // safety: the events' names were compared above.
    eventData[event as EventType].parse(JSON.parse(data));
  }
  expect(JSON.parse(messages[3]?.data ?? "")).toMatchObject({ text: "b\r\nc" });
  expect(JSON.parse(messages[6]?.data ?? "")).toMatchObject({
    ...{ status: "failed", failure: { code: "step_failed", retryable: false, step: 1 } },
  });
});

test("Last-Event-ID and ?after= resume exactly after it", async () => {
  const id = await storeJob(api.database.sql);
  await finishJob(api.database.sql, await startJob(api.database.sql, id), "failed", null);
  const ids = async (path: string, headers = {}) =>
    (await collect(path, headers)).map((message) => message.id);
  expect(await ids(`/events/${id}?after=2`)).toEqual(["3", "4"]);
  expect(await ids(`/events/${id}`, { "Last-Event-ID": "3" })).toEqual(["4"]);
  expect(await ids(`/events/${id}?after=1`, { "Last-Event-ID": "3" })).toEqual(["4"]);
  expect(await ids(`/events/${id}?after=4`)).toEqual([]);
});

test("who resumes after a number that is not there yet gets what comes after it, and the stream is closed at the job's end", async () => {
  const id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  const opened = await Promise.all([3, 4, 99].map((after) => fetch(`${url}/events/${id}?after=${after}`)));
  await finishJob(api.database.sql, fence, "failed", null);
  const ids = opened.map(async (response) =>
    (await Array.fromAsync(readStream(response))).map((message) => message.id),
  );
  expect(await Promise.all(ids)).toEqual([["4"], [], []]);
});

test("a client that is cut ten times at random sees every event once", async () => {
  const id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  const printing = (async () => {
    for (let batch = 0; batch < 60; batch += 1) {
      await printLines(
        api.database.sql,
        fence,
        Array.from({ length: 10 }, (_, n) => `${String(batch)}-${String(n)}`),
      );
    }
    await finishJob(api.database.sql, fence, "failed", null);
  })();
  const seen: number[] = [];
  let ended = false;
  for (let cuts = 0; !ended; cuts += 1) {
    const cut = new AbortController();
    const cutAfter = cuts < 10 ? 1 + Math.floor(Math.random() * 100) : Number.POSITIVE_INFINITY;
    const headers = { "Last-Event-ID": String(seen.at(-1) ?? 0) };
    const response = await fetch(`${url}/events/${id}`, { headers, signal: cut.signal });
    let taken = 0;
    for await (const message of readStream(response, cut.signal)) {
      seen.push(Number(message.id));
      ended = message.event === "end";
      taken += 1;
      if (taken >= cutAfter) {
        cut.abort();
        break;
      }
    }
  }
  await printing;
  expect(seen).toEqual(Array.from({ length: 604 }, (_, index) => index + 1));
});

test("a line is on the stream soon after it was stored", async () => {
  const id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  const stop = new AbortController();
  const messages = readStream(await fetch(`${url}/events/${id}`, { signal: stop.signal }), stop.signal);
  await messages.next();
  await messages.next();
  const lags: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const printedAt = performance.now();
    await printLines(api.database.sql, fence, [String(n)]);
    await messages.next();
    lags.push(performance.now() - printedAt);
  }
  stop.abort();
  expect(lags.toSorted((a, b) => a - b)[10]).toBeLessThan(100);
});

test("a reader that takes nothing is dropped, the others go on, and its connection is closed (fault 23)", async () => {
  const id = await storeJob(api.database.sql);
  const fence = await startJob(api.database.sql, id);
  for (let batch = 0; batch < 60; batch += 1) {
    await printLines(api.database.sql, fence, Array<string>(50).fill("x".repeat(16_000)));
  }
  const socket = connect(server.port, "127.0.0.1");
  socket.pause();
  socket.write(`GET /events/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const readers = async () =>
    /^longshore_api_event_readers (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  await expect.poll(readers, { timeout: 5_000 }).toBe("1");
  await expect.poll(readers, { timeout: 10_000 }).toBe("0");
  // Not read to its end: the rest was never sent.
  const closed = once(socket, "close");
  let bytes = 0;
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => (bytes += chunk.length));
  socket.resume();
  await closed;
  expect(bytes).toBeLessThan(40_000_000);
  await finishJob(api.database.sql, fence, "failed", null);
  expect((await collect(`/events/${id}?after=3000`)).at(-1)?.event).toBe("end");
});

test("HEAD of a stream opens none", async () => {
  const id = await storeJob(api.database.sql);
  const response = await fetch(`${url}/events/${id}`, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toMatch(/^text\/event-stream/);
});

test("streams end when the service stops", async () => {
  const own = await createTestApi();
  const id = await storeJob(own.database.sql);
  const response = await own.app.request(`/events/${id}`);
  own.stop();
  const messages = [];
  for await (const message of readStream(response)) messages.push(message.event);
  expect(messages.length).toBeLessThanOrEqual(1);
  await own.remove();
});
