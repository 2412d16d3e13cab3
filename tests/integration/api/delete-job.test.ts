// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { buffer } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { expireJobs } from "@longshore/shared/db/expire-jobs";
import { findArchivesToRemove, removeSomeEvents } from "@longshore/shared/db/removals";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, startServer } from "../../../apps/api/src/server.ts";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { storeJob } from "../../support/job-states.ts";

// More than the kernel takes for a reader that stands still.
const content = randomBytes(48_000_000);
let api: TestApi;
let server: HttpServer;
let base: string;
beforeAll(async () => {
  api = await createTestApi();
  const started = await startServer(api.app, { host: "127.0.0.1", port: 0 });
  if (!started.ok) throw new Error(started.failure.message);
  server = started.value;
  base = `http://127.0.0.1:${String(server.port)}`;
});
afterAll(async () => {
  await server.close(0);
  await api.remove();
});

const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // safety: what is asked of it are fields of problems and answers, each compared with what it has to be.
  const json = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
  return {
    status: response.status,
    code: json["code"],
    detail: json["detail"],
    json,
    headers: response.headers,
  };
};
const byNumber = (left: number, right: number) => left - right;
const remove = (id: string) => ask("DELETE", `/jobs/${id}`);

let archives = 0;
const archivedJob = async (bytes: Buffer, lines = 3, endedAgo = "0 seconds"): Promise<string> => {
  archives += 1;
  const key = `a-${String(archives)}.zip`;
  const writer = await api.archives.create(key);
  if (!writer.ok) throw new Error(writer.failure.message);
  writer.value.sink.write(bytes);
  const stored = await writer.value.commit();
  if (!stored.ok) throw new Error(stored.failure.message);
  return storeEndedJob(api.database.sql, { archive: { key, ...stored.value }, lines, endedAgo });
};
/** What the worker's sweep does with what expired or deleted jobs have left. */
const sweep = async () => {
  for (const key of await findArchivesToRemove(api.database.sql, "", 100)) await api.archives.remove(key);
  while (await removeSomeEvents(api.database.sql)) continue;
};

describe("DELETE /jobs/{id}", () => {
  test("takes an ended job from every reader at once", async () => {
    const id = await archivedJob(Buffer.from("a zip"));
    const other = await archivedJob(Buffer.from("another"));
    const deleted = await remove(id);
    expect(deleted).toMatchObject({ status: 204, json: {} });
    for (const path of ["status", "logs", "events", "download"])
      expect(await ask("GET", `/${path}/${id}`)).toMatchObject({ status: 404, code: "job_not_found" });
    expect(await ask("POST", `/cancel/${id}`)).toMatchObject({ status: 404, code: "job_not_found" });
    const { json } = await ask("GET", "/jobs?limit=200");
    expect(JSON.stringify(json)).not.toContain(id);
    expect(JSON.stringify(json)).toContain(other);
    expect((await ask("GET", `/download/${other}`)).status).toBe(200);
  });

  test("is told in the log, once for each job, with the request's id", async () => {
    const id = await archivedJob(Buffer.from("a zip"));
    const { headers } = await remove(id);
    await remove(id);
    const told = api.logged.filter((line) => line.includes("job.deleted") && line.includes(id));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(headers.get("X-Request-Id"));
  });

  test("a second time is 404, as is an unknown job, and a malformed id 400", async () => {
    const id = await archivedJob(Buffer.from("a zip"));
    const answers = await Promise.all(Array.from({ length: 8 }, () => remove(id)));
    expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([
      204,
      ...Array<number>(7).fill(404),
    ]);
    expect(await remove("0198c0de-0000-7000-8000-000000000000")).toMatchObject({ code: "job_not_found" });
    expect(await remove("x")).toMatchObject({ status: 400, code: "invalid_id" });
    expect(await ask("GET", `/jobs/${id}`)).toMatchObject({ status: 405, code: "method_not_allowed" });
    expect(await ask("DELETE", `/jobs/${id}?force=1`)).toMatchObject({ status: 422, code: "invalid_query" });
  });

  test("is refused for a job that has not ended, with what to do, and works once it has", async () => {
    const id = await storeJob(api.database.sql);
    const refused = await remove(id);
    expect(refused).toMatchObject({ status: 409, code: "not_finished" });
    expect(refused.detail).toContain(`POST /cancel/${id}`);
    expect((await ask("GET", `/status/${id}`)).json).toMatchObject({ status: "queued" });
    await ask("POST", `/cancel/${id}`);
    expect((await remove(id)).status).toBe(204);
  });

  test("frees the idempotency key: the same request makes a new job", async () => {
    const key = { "Idempotency-Key": "once" };
    const first = await ask("POST", "/schedule", { prompt: "x" }, key);
    const id = String(first.json["job_id"]);
    await ask("POST", `/cancel/${id}`);
    expect((await ask("POST", "/schedule", { prompt: "x" }, key)).status).toBe(200);
    await remove(id);
    const again = await ask("POST", "/schedule", { prompt: "x" }, key);
    expect(again.status).toBe(202);
    expect(again.json["job_id"]).not.toBe(id);
  });

  test("beside requests with its key never makes one of them fail", async () => {
    const key = { "Idempotency-Key": "busy" };
    const statuses = new Set<number>();
    let id = "";
    for (let round = 0; round < 15; round += 1) {
      const posts = () => Array.from({ length: 6 }, () => ask("POST", "/schedule", { prompt: "x" }, key));
      const [deleted, ...posted] = await Promise.all([id === "" ? null : remove(id), ...posts()]);
      if (deleted !== null) statuses.add(deleted.status);
      for (const { status } of posted) statuses.add(status);
      const made = posted.find(({ status }) => status === 202)?.json["job_id"];
      if (typeof made === "string") id = made;
      await ask("POST", `/cancel/${id}`);
    }
    expect([...statuses].toSorted(byNumber)).toEqual([200, 202, 204]);
  });
});

/** An answer of which nothing is read before `rest` is called. */
const slowDownload = (id: string) =>
  new Promise<{ status: number | undefined; rest: () => Promise<Buffer> }>((resolve, reject) => {
    const request = get(`${base}/download/${id}`, (answer: IncomingMessage) => {
      answer.pause();
      resolve({ status: answer.statusCode, rest: () => buffer(answer) });
    });
    request.on("error", reject);
  });

describe("matrix row 27: retention or a deletion while somebody downloads", () => {
  test("a slow download of a deleted job goes on to its last byte; whoever comes later gets 404", async () => {
    const id = await archivedJob(content);
    const slow = await slowDownload(id);
    expect(slow.status).toBe(200);
    expect((await remove(id)).status).toBe(204);
    await sweep();
    expect((await slow.rest()).equals(content)).toBe(true);
    const resumed = await ask("GET", `/download/${id}`, undefined, { Range: "bytes=100-" });
    expect(resumed).toMatchObject({ status: 404, code: "job_not_found" });
  });

  test("a slow download of a job that expires goes on to its last byte; whoever comes later gets 410", async () => {
    const id = await archivedJob(content, 3, "8 days");
    const slow = await slowDownload(id);
    expect(slow.status).toBe(200);
    expect(await expireJobs(api.database.sql, 100)).toBe(1);
    await sweep();
    expect((await slow.rest()).equals(content)).toBe(true);
    for (const headers of [{ Range: "bytes=100-" }, { "If-Range": '"x"', Range: "bytes=5-" }, {}])
      expect(await ask("GET", `/download/${id}`, undefined, headers)).toMatchObject({
        status: 410,
        code: "expired",
      });
  });

  test("many downloads beside the deletion are each whole, or 404 or 410", async () => {
    const bytes = randomBytes(3_000_000);
    for (let round = 0; round < 5; round += 1) {
      const id = await archivedJob(bytes);
      const download = async () => {
        const response = await fetch(`${base}/download/${id}`);
        const got = Buffer.from(await response.arrayBuffer());
        return response.status === 200 ? got.equals(bytes) : [404, 410].includes(response.status);
      };
      const downloads = Array.from({ length: 8 }, download);
      const gone = remove(id).then(sweep);
      downloads.push(...Array.from({ length: 8 }, download));
      expect(new Set(await Promise.all(downloads))).toEqual(new Set([true]));
      await gone;
    }
  });
});

describe("readers of events and logs while their job is removed", () => {
  test("a stream that is being replayed is closed, with a beginning that lacks nothing", async () => {
    const id = await archivedJob(Buffer.from("zip"), 40_000);
    const response = await fetch(`${base}/events/${id}`);
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    let text = Buffer.from((await reader.read()).value ?? []).toString();
    expect((await remove(id)).status).toBe(204);
    await sweep();
    const removedAt = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += Buffer.from(value).toString();
    }
    // Without waiting for the time at which a quiet stream is looked at.
    expect(performance.now() - removedAt).toBeLessThan(10_000);
    const numbers = [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
    expect(numbers.every((seq, index) => seq === index + 1)).toBe(true);
    expect(numbers.length).toBeLessThan(40_002);
    expect(text).not.toContain("event: end");
    expect(await ask("GET", `/events/${id}?after=5`)).toMatchObject({ status: 404 });
  });

  test("a page of the log is whole, or 404 or 410, never a part that looks complete", async () => {
    const outcomes = new Set<unknown>();
    for (let round = 0; round < 10; round += 1) {
      const id = await archivedJob(Buffer.from("zip"), 9_000, "8 days");
      const page = async () => {
        const { status, json } = await ask("GET", `/logs/${id}?limit=10000`);
        if (status !== 200) return status;
        return Array.isArray(json["lines"]) && json["lines"].length === 9_000 ? "whole" : "half";
      };
      outcomes.add(await page());
      const pages = [page(), page(), page()];
      const gone = round % 2 === 0 ? remove(id) : expireJobs(api.database.sql, 100);
      const swept = gone.then(sweep);
      pages.push(page(), page());
      for (const outcome of await Promise.all(pages)) outcomes.add(outcome);
      await swept;
    }
    outcomes.delete(404);
    outcomes.delete(410);
    expect([...outcomes]).toEqual(["whole"]);
  });
});
