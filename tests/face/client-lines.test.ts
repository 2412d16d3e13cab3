import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate, setInterval, setTimeout as pause } from "node:timers/promises";
import {
  type Client,
  ConnectionError,
  createClient,
  InvalidIdError,
  InvalidPathError,
  type JobEvent,
} from "@longshore/client";
import { expect, test } from "vitest";

// What the client does on lines that no real service gives on demand: this one breaks, falls silent and answers as it is told.
const id = "01980000-0000-7000-8000-000000000000";
const request = { steps: [{ kind: "shell" as const, command: "true" }] };
const end = 'id: 1\nevent: end\ndata: {"seq":1,"status":"succeeded"}\n\n';

test("a stream that was quiet for longer than the patience, but gave signs of life, is taken up again", async () => {
  const patienceMs = 500;
  let streams = 0;
  await using service = await startService(async (_, response) => {
    streams += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (streams > 1) return void response.end(end);
    const began = performance.now();
    for await (const _tick of setInterval(20)) {
      response.write(": still here\n\n");
      if (performance.now() - began > 2 * patienceMs) break;
    }
    // Only once it is on the wire, so that the break comes after the last sign of life.
    response.write(": still here\n\n", () => response.socket?.resetAndDestroy());
  });
  const client = createClient({ url: service.url, patienceMs });
  expect((await eventsOf(client, id)).map(({ type }) => type)).toEqual(["end"]);
  expect(streams).toBe(2);
});

test("a run that is aborted while it is scheduled leaves no job: the same key finds it, and it is cancelled", async () => {
  for (const cancelOnAbort of [true, false]) {
    const stop = new AbortController();
    const [keys, cancelled] = [new Set(), [] as unknown[]];
    let scheduled = 0;
    await using service = await startService(({ url, headers }, response) => {
      if (url === "/schedule") {
        scheduled += 1;
        keys.add(headers["idempotency-key"]);
        // The first is accepted, but nobody learns of it.
        if (scheduled === 1) stop.abort(new Error("enough"));
        else answer(response, { job_id: id });
      } else {
        cancelled.push(url);
        answer(response, {});
      }
    });
    const run = createClient({ url: service.url }).run(request, { signal: stop.signal, cancelOnAbort });
    await expect(run).rejects.toThrow("enough");
    expect(keys.size).toBe(1);
    expect([scheduled, cancelled]).toEqual(cancelOnAbort ? [2, [`/cancel/${id}?wait=0`]] : [1, []]);
  }
});

test("a run that was aborted before it began asks nothing of the service", async () => {
  let requests = 0;
  await using service = await startService((_, response) => {
    requests += 1;
    answer(response, { job_id: id });
  });
  const run = createClient({ url: service.url }).run(request, {
    signal: AbortSignal.abort(new Error("never")),
  });
  await expect(run).rejects.toThrow("never");
  expect(requests).toBe(0);
});

test("a run that is aborted waits for a silent service no longer than for one answer", async () => {
  const stop = new AbortController();
  let cancels = 0;
  await using service = await startService(({ url }, response) => {
    if (url === "/schedule") answer(response, { job_id: id });
    else if (url === `/events/${id}`) stop.abort(new Error("enough"));
    else cancels += 1;
  });
  const run = createClient({ url: service.url, timeoutMs: 1_000 }).run(request, { signal: stop.signal });
  await expect(run).rejects.toThrow("enough");
  expect(cancels).toBe(1);
});

test("a download that is given up ends its connection at once, also while it waits for bytes", async () => {
  const gone = Promise.withResolvers<void>();
  await using service = await startService((_, response) => {
    response.on("close", gone.resolve);
    response.writeHead(200, { etag: `"${"0".repeat(64)}"`, "content-length": "10" });
    response.write("half.");
  });
  const archive = (await createClient({ url: service.url }).download(id)).getReader();
  expect(Buffer.from((await archive.read()).value ?? []).toString()).toBe("half.");
  const more = archive.read();
  await setImmediate(); // by now that read waits for the line
  await archive.cancel();
  expect(await more).toEqual({ done: true, value: undefined });
  await gone.promise;
}, 10_000);

test("what is no id is refused by its kind, and nothing is asked of the service", async () => {
  let asked = 0;
  await using service = await startService((_, response) => {
    asked += 1;
    answer(response, {});
  });
  const client = createClient({ url: service.url });
  for (const wrong of ["..", ".", "", "a/../b?c", `${id}/..`, `${id}\n`]) {
    for (const call of [
      ...[client.status(wrong), client.cancel(wrong), client.delete(wrong), client.download(wrong)],
      ...[eventsOf(client, wrong), Array.fromAsync(client.logs(wrong)), client.downloadLink(wrong)],
      ...[Array.fromAsync(client.files(wrong)), client.file(wrong, "result.json")],
    ])
      await expect(call).rejects.toBeInstanceOf(InvalidIdError);
  }
  expect(asked).toBe(0);
});

test("what can be no path of a file is refused by its kind, and nothing is asked of the service", async () => {
  let asked = 0;
  await using service = await startService((_, response) => {
    asked += 1;
    answer(response, {});
  });
  const client = createClient({ url: service.url, apiKey: "of-the-harbour" });
  for (const wrong of [
    "",
    "/",
    "..",
    ".",
    "outputs/..",
    "../../../jobs",
    "a/./b",
    "a//b",
    "outputs/",
    "\ud800",
  ])
    await expect(client.file(id, wrong)).rejects.toBeInstanceOf(InvalidPathError);
  expect(asked).toBe(0);
});

test("a file is asked for by the names that it has, whatever they are made of", async () => {
  const asked: unknown[] = [];
  await using service = await startService(({ url }, response) => {
    asked.push(url);
    answer(response, {});
  });
  const client = createClient({ url: `${service.url}/behind` });
  const names = ["%2e%2e", "..%2F", "a\\..\\b", "100% größe.csv", "?q#f", " x\t\n ", "...", "c:", "@;&=+,"];
  for (const name of names) await client.file(id, `outputs/${name}`);
  const start = `/behind/jobs/${id}/files/outputs/`;
  expect(asked).toEqual(names.map((name) => start + encodeURIComponent(name)));
});

test("a run that is aborted while it is scheduled has as long to cancel as to learn what was accepted", async () => {
  const stop = new AbortController();
  const timeoutMs = 1_000;
  const wordsMs = 0.7 * timeoutMs;
  const told: unknown[] = [];
  let scheduled = 0;
  await using service = await startService(async ({ url }, response) => {
    scheduled += Number(url === "/schedule");
    if (scheduled === 1) return stop.abort(new Error("enough"));
    // A service that is slow: both of its answers together take longer than one may.
    await pause(wordsMs);
    response.once("finish", () => told.push(url));
    if (!response.destroyed) answer(response, url === "/schedule" ? { job_id: id } : {});
  });
  const run = createClient({ url: service.url, timeoutMs }).run(request, { signal: stop.signal });
  await expect(run).rejects.toThrow("enough");
  expect(told).toEqual(["/schedule", `/cancel/${id}?wait=0`]);
});

test("a file whose line breaks or falls silent is asked for again before it begins, and is no whole file after that", async () => {
  let asked = 0;
  await using service = await startService((_, response) => {
    asked += 1;
    if (asked < 3) return void response.socket?.resetAndDestroy();
    response.writeHead(200, { "content-length": "10" });
    if (asked === 3) response.end("ten bytes.");
    else response.write("half.", () => (asked === 4 ? response.socket?.resetAndDestroy() : undefined));
  });
  const client = createClient({ url: service.url, silenceMs: 500 });
  expect(await (await client.file(id, "result.json")).text()).toBe("ten bytes.");
  // One that breaks, and one that is silent.
  for (let time = 1; time <= 2; time += 1) {
    const file = await client.file(id, "result.json");
    await expect(file.text()).rejects.toBeInstanceOf(ConnectionError);
  }
  expect(asked).toBe(5);
});

test("an address that leads on is told of, and nothing is sent to where it leads", async () => {
  let led = 0;
  await using elsewhere = await startService((_, response) => {
    led += 1;
    answer(response, {});
  });
  await using service = await startService(({ url = "" }, response) => {
    response.writeHead(301, { location: elsewhere.url + url }).end();
  });
  const client = createClient({ url: service.url, apiKey: "of-the-harbour" });
  for (const call of [
    () => client.status(id),
    () => client.schedule(request),
    () => client.file(id, "result.json"),
  ])
    await expect(call()).rejects.toMatchObject({
      ...{ code: "strange_answer", status: 301 },
      message: expect.stringContaining(`leads on to ${elsewhere.url}`) as unknown,
    });
  expect(led).toBe(0);
});

test("what a gateway says in its own form while the service is away is tried again", async () => {
  let asked = 0;
  await using service = await startService((_, response) => {
    asked += 1;
    if (asked === 1) answer(response, { code: "gateway", detail: "nobody there" }, 502);
    else if (asked === 2) answer(response, { code: 502, detail: null }, 502);
    else answer(response, { job_id: id });
  });
  expect(await createClient({ url: service.url }).status(id)).toEqual({ job_id: id });
});

test("a large request is given the time that a slow line takes for it", async () => {
  const timeoutMs = 500;
  await using service = await startService(async (_, response) => {
    await pause(3 * timeoutMs);
    if (!response.destroyed) answer(response, { job_id: id });
  });
  const client = createClient({ url: service.url, timeoutMs, retries: 0 });
  await expect(client.schedule(request)).rejects.toBeInstanceOf(ConnectionError);
  const files = [{ path: "crates.txt", content: "x".repeat(1_000_000) }];
  expect(await client.schedule({ ...request, files })).toEqual({ job_id: id });
});

async function startService(
  reply: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<AsyncDisposable & { readonly url: string }> {
  const failures: unknown[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume().once("end", () => {
      Promise.resolve(reply(incoming, response)).catch((error: unknown) => failures.push(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // safety: it listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      expect(failures).toEqual([]);
    },
  };
}

function answer(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function eventsOf(client: Client, id: string): Promise<readonly JobEvent[]> {
  return Array.fromAsync(client.events(id));
}
