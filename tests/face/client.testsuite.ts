import {
  ArchiveError,
  type Client,
  type ClientOptions,
  ConnectionError,
  createClient,
  type JobEvent,
  ProblemError,
} from "@longshore/client";
import { beforeAll, describe, expect, test } from "vitest";
import { startCuttingProxy } from "../support/cutting-proxy.ts";
import { readZip } from "../support/read-zip.ts";
import { findFreePort } from "../../scripts/host/free-port.ts";
import type { Face } from "./face.ts";

const polling = { timeout: 30_000, interval: 500 };
const shell = (command: string) => ({ steps: [{ kind: "shell" as const, command }] });

/** What a program sees that uses the client of packages/client. */
export function clientTestsuite(face: () => Face): void {
  describe("the client", { timeout: 120_000 }, () => {
    let client: Client;
    let connect: (more?: Partial<ClientOptions>) => Client;
    beforeAll(() => {
      connect = (more) => createClient({ url: face().url, apiKey: face().key, ...more });
      client = connect();
    });
    const eventsOf = async (from: Client, id: string, after = 0) => {
      const events: JobEvent[] = [];
      for await (const event of from.events(id, { after })) events.push(event);
      return events;
    };

    test("loses no event and doubles none over a line that is cut at random, and the zip comes whole", async () => {
      const proxy = await startCuttingProxy(face().url, 4_000);
      const shaky = connect({ url: proxy.url, retries: 30 });
      const metadata = { line: crypto.randomUUID() };
      proxy.cutNext(10);
      const { job_id } = await shaky.schedule({
        ...shell(
          "head -c 60000 /dev/urandom > noise.bin; for i in $(seq 300); do echo line $i; sleep 0.003; done",
        ),
        metadata,
      });
      const events = await eventsOf(shaky, job_id);
      expect(proxy.cuts).toBe(10);
      proxy.cutNext(5);
      const zip = Buffer.from(await new Response(await shaky.download(job_id)).arrayBuffer());
      expect(proxy.cuts).toBe(15);
      await proxy.close();
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.at(-1)).toMatchObject({ type: "end", data: { status: "succeeded", failure: null } });
      expect(events.flatMap((event) => (event.type === "log" ? [event.data.text] : []))).toEqual(
        Array.from({ length: 300 }, (_, index) => `line ${String(index + 1)}`),
      );
      expect((await readZip(zip)).bytes("outputs/noise.bin")).toHaveLength(60_000);
      expect(await Array.fromAsync(client.list({ metadata }))).toHaveLength(1);
    });

    test("begins after the event that it is told, and has nothing to say of what is over", async () => {
      const { job_id } = await client.run(shell("echo one; echo two"));
      const all = await eventsOf(client, job_id);
      expect(await eventsOf(client, job_id, 3)).toEqual(all.slice(3));
      expect(await eventsOf(client, job_id, all.length)).toEqual([]);
    });

    test("gives a job that failed as an answer, with the reason", async () => {
      const seen: string[] = [];
      const job = await client.run(shell("exit 3"), { onEvent: ({ type }) => void seen.push(type) });
      expect(job).toMatchObject({ status: "failed", failure: { code: "step_failed", step: 1 } });
      expect(seen.at(-1)).toBe("end");
    });

    test("cancels the job of a run that is aborted, or lets it go on where that is asked for", async () => {
      for (const cancelOnAbort of [true, false]) {
        const stop = new AbortController();
        let id = "";
        const run = client.run(shell("echo started; sleep 60"), {
          signal: stop.signal,
          cancelOnAbort,
          onScheduled: ({ job_id }) => (id = job_id),
          onEvent: ({ type }) => void (type === "log" && stop.abort(new Error("enough"))),
        });
        await expect(run).rejects.toThrow("enough");
        const { cancel_requested_at } = await client.status(id);
        expect(cancel_requested_at !== null).toBe(cancelOnAbort);
        expect(await client.cancel(id, { waitSeconds: 30 })).toMatchObject({ status: "cancelled" });
      }
    });

    test("gives what was asked of a job, which scheduled again is the same job once more", async () => {
      const asked = { ...shell("cat greeting.txt"), files: [{ path: "greeting.txt", content: "ahoy\n" }] };
      const first = await client.run(asked);
      const { request, secret_names } = await client.request(first.job_id);
      expect([request, secret_names]).toMatchObject([
        { ...asked, files: [{ ...asked.files[0], encoding: "utf8" }] },
        [],
      ]);
      const second = await client.run(request);
      expect(second).toMatchObject({ status: "succeeded", plan: { source: "explicit" } });
      expect((await client.request(second.job_id)).request).toEqual(request);
    });

    test("tells what a job uses while it runs, and of a short one nothing", async () => {
      const hold = "held = bytearray(b'x') * 60_000_000\nimport time\nwhile True: time.sleep(0.001)";
      const { job_id } = await client.schedule({ steps: [{ kind: "python", code: hold }] });
      await expect.poll(async () => (await client.usage(job_id)).samples.length, polling).toBeGreaterThan(2);
      await client.cancel(job_id, { waitSeconds: 30 });
      const { limits, samples } = await client.usage(job_id);
      expect(limits).toEqual({ memory_mb: 1_024, cpus: 1 });
      expect(samples.at(-1)?.memory_bytes).toBeGreaterThan(60_000_000);
      expect(samples.map(({ cpu_ms }) => cpu_ms)).toEqual(
        samples.map(({ cpu_ms }) => cpu_ms).toSorted((a, b) => a - b),
      );
      const { started_at, finished_at } = await client.status(job_id);
      for (const { time } of samples) {
        expect(Date.parse(time)).toBeGreaterThan(Date.parse(started_at ?? ""));
        expect(Date.parse(time)).toBeLessThan(Date.parse(finished_at ?? ""));
      }
      const short = await client.run(shell("true"));
      expect((await client.usage(short.job_id)).samples).toEqual([]);
    });

    test("tells what the steps of a job run, while they run", async () => {
      const prompt = "Wait:\n```sh\nsleep 60\n```\n```python\nprint(1)\n```";
      const { job_id } = await client.schedule({ prompt });
      const plans = () => Array.fromAsync(client.plans(job_id));
      await expect.poll(async () => (await plans()).length, polling).toBe(1);
      const [plan] = await plans();
      expect(plan).toMatchObject({
        source: "literal",
        steps: [
          { kind: "shell", command: "sleep 60\n" },
          { kind: "python", code: "print(1)\n" },
        ],
      });
      expect(await Array.fromAsync(client.plans(job_id, { after: plan?.seq ?? 0 }))).toEqual([]);
      await client.cancel(job_id);
    });

    test("schedules once what is scheduled twice with one key", async () => {
      const once = { idempotencyKey: crypto.randomUUID() };
      const [first, second] = [
        await client.schedule(shell("true"), once),
        await client.schedule(shell("true"), once),
      ];
      expect(second.job_id).toBe(first.job_id);
      await expect(client.schedule(shell("false"), once)).rejects.toMatchObject({
        code: "idempotency_conflict",
      });
    });

    test("lists over pages, newest first, and finds nothing of what was deleted", async () => {
      const metadata = { pages: crypto.randomUUID() };
      const jobs = [1, 2, 3].map((n) => client.run({ ...shell(`echo ${String(n)}`), metadata }));
      // Ids sort by the time when the job was made.
      const ids = (await Promise.all(jobs))
        .map(({ job_id }) => job_id)
        .toSorted()
        .toReversed();
      const list = async () =>
        (await Array.fromAsync(client.list({ metadata }, { pageSize: 2 }))).map(({ job_id }) => job_id);
      expect(await list()).toEqual(ids);
      for (const id of ids) await client.delete(id);
      expect(await list()).toEqual([]);
      await expect(client.delete(ids[0] ?? "")).rejects.toMatchObject({ code: "job_not_found" });
    });

    test("reads a log of many pages, or of one stream alone", async () => {
      const { job_id } = await client.run(shell("seq 2500; echo aside >&2"));
      const lines = await Array.fromAsync(client.logs(job_id));
      expect(lines.filter(({ stream }) => stream === "stdout").map(({ text }) => Number(text))).toEqual(
        Array.from({ length: 2_500 }, (_, index) => index + 1),
      );
      expect(
        (await Array.fromAsync(client.logs(job_id, { stream: "stderr" }))).map(({ text }) => text),
      ).toEqual(["aside"]);
    });

    test("tells of a problem what it is, what to do, and which request it was", async () => {
      const error = await client.schedule({ prompt: "x", max_turns: 99 }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ code: "invalid_body", status: 422, errors: [{ pointer: "/max_turns" }] });
      expect(error).toMatchObject({
        requestId: expect.stringMatching(/./),
        advice: expect.stringMatching(/errors/),
      });
      const stranger = connect({ apiKey: "lsk_not_a_key" });
      await expect(stranger.status(crypto.randomUUID())).rejects.toMatchObject({ status: 401 });
    });

    test("tells who runs the service how its workers, its queue and its disk are, and nobody else", async () => {
      const admin = connect({ apiKey: face().adminKey });
      const lacking = async () => {
        const { wanted, ready } = (await admin.system()).workers[0]?.warm ?? { wanted: 0, ready: 0 };
        return wanted < 2 ? "all" : wanted - ready;
      };
      await expect.poll(lacking, polling).toBe(0);
      const { workers, queue, components, disk } = await admin.system();
      expect(workers).toMatchObject([{ state: "taking", engine: { state: "ok" }, providers: [] }]);
      expect([queue.state, components.database.state, disk.state]).toEqual(["ok", "ok", "ok"]);
      expect(disk.free_bytes).toBeGreaterThan(0);
      expect(disk.archives_bytes).toBeGreaterThan(0);
      await expect(client.system()).rejects.toMatchObject({ code: "scope_missing" });
    });

    test("says where it found no service, and which answers are not of one", async () => {
      const nowhere = connect({ url: `http://127.0.0.1:${String(await findFreePort())}`, retries: 1 });
      const error = await nowhere.ready().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
      const page = () =>
        Promise.resolve(new Response("<html>log in", { headers: { "content-type": "text/html" } }));
      await expect(connect({ fetch: page }).status(crypto.randomUUID())).rejects.toMatchObject({
        code: "strange_answer",
        message: expect.stringContaining("log in"),
      });
    });

    test("waits as long as a busy service asks for, and gives up on one that is silent", async () => {
      let refusals = 0;
      const busy: typeof fetch = async (...given) => {
        refusals += 1;
        if (refusals > 2) return fetch(...given);
        const body = JSON.stringify({
          code: "bodies_full",
          status: 503,
          detail: "full",
          title: "",
          type: "",
        });
        return new Response(body, { status: 503, headers: { "retry-after": "1" } });
      };
      const began = performance.now();
      await connect({ fetch: busy }).schedule(shell("true"));
      expect([refusals, performance.now() - began > 1_900]).toEqual([3, true]);
      const silent: typeof fetch = (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(new Error("cut off")));
        });
      const patient = connect({ fetch: silent, timeoutMs: 50, silenceMs: 50, patienceMs: 100, retries: 1 });
      await expect(patient.status(crypto.randomUUID())).rejects.toBeInstanceOf(ConnectionError);
      await expect(eventsOf(patient, crypto.randomUUID())).rejects.toBeInstanceOf(ConnectionError);
      await expect(patient.download(crypto.randomUUID())).rejects.toBeInstanceOf(ConnectionError);
    });

    test("gives no byte more of an archive that was damaged on the way as if it were whole", async () => {
      const { job_id } = await client.run(shell("echo kept > kept.txt"));
      const damaging: typeof fetch = async (...given) => {
        const response = await fetch(...given);
        if (!response.url.includes("/download/")) return response;
        const bytes = new Uint8Array(await response.arrayBuffer());
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return new Response(bytes, response);
      };
      const zip = await connect({ fetch: damaging }).download(job_id);
      await expect(new Response(zip).arrayBuffer()).rejects.toBeInstanceOf(ArchiveError);
      await expect(client.download(crypto.randomUUID())).rejects.toMatchObject({ code: "job_not_found" });
    });
  });
}
