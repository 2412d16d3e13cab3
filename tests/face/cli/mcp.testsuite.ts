import type { Progress } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import type { Face } from "../face.ts";
import { type CliBench, useCliBench } from "./cli-bench.ts";
import { call, idOf, textOf } from "./mcp-calls.ts";
import {
  asDocumented,
  begin,
  connectHttp,
  overHttp,
  overStdio,
  preflight,
  startHttp,
  statusOf,
} from "./mcp-connections.ts";

/** The MCP server as assistants use it: by the protocol's own client, over both transports. */
export function mcpTestsuite(face: () => Face): void {
  describe("longshore mcp", { timeout: 60_000 }, () => {
    const bench = useCliBench(face);
    const transports = { stdio: () => overStdio(bench), "streamable HTTP": () => overHttp(bench) };
    describe.each(Object.entries(transports))("over %s", (_, connect) => {
      test("runs code, tells its progress, and gives what it printed and the files it left", async () => {
        const { mcp, close } = await connect();
        const seen: Progress[] = [];
        const result = await call(
          mcp,
          "run_job",
          {
            files: [{ path: "ships.csv", content: "Ada,3\nWilma,7\n" }],
            steps: [
              { kind: "shell", code: "for i in 1 2 3; do echo crate $i; sleep 0.3; done; echo oops >&2" },
              {
                kind: "python",
                code: "open('total.txt', 'w').write(str(3 + 7)); print('\\x1b[31mdone\\x1b[0m')",
              },
            ],
          },
          { onprogress: (progress) => seen.push(progress) },
        );
        expect(result.isError).toBeFalsy();
        expect(result.structuredContent).toMatchObject({
          ...{ status: "succeeded", ended: true, failure: null },
          steps: [{ exit_code: 0 }, { exit_code: 0 }],
          output_files: [{ path: "outputs/ships.csv" }, { path: "outputs/total.txt", bytes: 2 }],
        });
        expect(textOf(result)).toContain("crate 1\ncrate 2\ncrate 3\n[stderr] oops\ndone");
        expect(seen.some(({ message }) => message === "crate 2")).toBe(true);
        expect(seen.map(({ progress }) => progress)).toEqual(
          seen.map(({ progress }) => progress).toSorted((a, b) => a - b),
        );
        const job_id = idOf(result);
        expect(textOf(await call(mcp, "job_outputs", { job_id, path: "total.txt" }))).toBe("10");
        expect(textOf(await call(mcp, "job_outputs", { job_id }))).toContain("outputs/ships.csv\t14");
        await close();
      });

      test("cancels the job of a call that is cancelled", async () => {
        const { mcp, close } = await connect();
        const stop = new AbortController();
        const label = crypto.randomUUID();
        const running = call(
          mcp,
          "run_job",
          { steps: [{ kind: "shell", code: `echo ${label}; sleep 60` }] },
          {
            signal: stop.signal,
            onprogress: ({ message = "" }) => void (message === label && stop.abort("enough")),
          },
        );
        await expect(running).rejects.toThrow("enough");
        const [newest] = await newestJobs(bench);
        await expect
          .poll(async () => (await bench.client().status(newest)).status, { timeout: 20_000 })
          .toBe("cancelled");
        await close();
      });
    });

    test("starts from its package as the documentation has an assistant start it", async () => {
      const { mcp, close } = await asDocumented(bench, face().cli.tarball);
      expect((await mcp.listTools()).tools.map(({ name }) => name)).toContain("run_job");
      await close();
    });

    test("gives a job that takes longer back to be asked for, page by page, until its end", async () => {
      const { mcp, close } = await overStdio(bench);
      const code = "for i in $(seq 30); do echo line $i; sleep 0.1; done";
      const started = await call(mcp, "run_job", { steps: [{ kind: "shell", code }], wait_seconds: 1 });
      expect(started.structuredContent).toMatchObject({ ended: false });
      const job_id = idOf(started);
      const ended = await call(mcp, "job_status", { job_id, wait_seconds: 30 });
      expect(ended.structuredContent).toMatchObject({ status: "succeeded", ended: true });
      const lines: string[] = [];
      for (let [after, more] = [0, true]; more;) {
        const page = await call(mcp, "job_logs", { job_id, after, max_lines: 7, stream: "stdout" });
        // safety: its output schema says so.
        ({ next_after: after, more } = page.structuredContent as { next_after: number; more: boolean });
        lines.push(
          ...textOf(page)
            .split("\n")
            .filter((line) => line.startsWith("line")),
        );
      }
      expect(lines).toEqual(Array.from({ length: 30 }, (_, index) => `line ${String(index + 1)}`));
      await close();
    });

    test("tells a failed job, a refused request and a service that is away as what they are", async () => {
      const { mcp, close } = await overStdio(bench);
      const failed = await call(mcp, "run_job", { steps: [{ kind: "shell", code: "echo no >&2; exit 4" }] });
      expect(failed.isError).toBeFalsy();
      expect(failed.structuredContent).toMatchObject({
        ...{ status: "failed", failure: { code: "step_failed" }, steps: [{ exit_code: 4 }] },
      });
      const job_id = idOf(failed);
      expect(textOf(await call(mcp, "cancel_job", { job_id }))).toContain("had ended already: failed");
      for (const path of ["missing.txt", "../../../jobs"])
        expect(await call(mcp, "job_outputs", { job_id, path })).toMatchObject({ isError: true });
      const refused = await call(mcp, "run_job", {
        steps: [{ kind: "shell", code: "true" }],
        network: ["not a host"],
      });
      expect(refused.isError).toBe(true);
      expect(textOf(refused)).toContain("/network");
      await close();
    });

    test("gives images as images, and cancels what a session waits for when that ends", async () => {
      const { mcp, close } = await overStdio(bench);
      const png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      const made = await call(mcp, "run_job", {
        steps: [{ kind: "shell", code: `echo ${png} | base64 -d > dot.png` }],
      });
      expect((await call(mcp, "job_outputs", { job_id: idOf(made), path: "dot.png" })).content).toEqual([
        { type: "image", data: png, mimeType: "image/png" },
      ]);
      const label = crypto.randomUUID();
      const isRunning = Promise.withResolvers<undefined>();
      const cut = call(
        mcp,
        "run_job",
        { steps: [{ kind: "shell", code: `echo ${label}; sleep 60` }] },
        {
          onprogress: ({ message = "" }) => void (message === label && isRunning.resolve(undefined)),
        },
      );
      await Promise.all([isRunning.promise.then(close), expect(cut).rejects.toThrow("Connection closed")]);
      const [newest] = await newestJobs(bench);
      await expect
        .poll(async () => (await bench.client().status(newest)).status, { timeout: 20_000 })
        .toBe("cancelled");
    });

    test("listens to its own machine alone, and to no page that a browser shows", async () => {
      const { url, token, end } = await startHttp(bench);
      const ask = (headers: Readonly<Record<string, string>>) =>
        statusOf(url, { Authorization: `Bearer ${token}`, ...headers });
      expect(await ask({})).toBe(200);
      expect(await ask({ Host: "rebound.example.org" })).toBe(403);
      expect(await ask({ Origin: "https://evil.example.org" })).toBe(403);
      expect(await ask({ Origin: "http://localhost:3000" })).toBe(403);
      expect(await ask({ Origin: "null" })).toBe(403);
      expect(await ask({ "mcp-session-id": crypto.randomUUID() })).toBe(404);
      expect(await end()).toMatchObject({ code: 0 });
      const open = await bench.run(["mcp", "--http", "--host", "0.0.0.0", "--port", "0"]);
      expect(open).toMatchObject({ code: 2, stdout: "" });
      expect(open.stderr).toContain("LONGSHORE_MCP_TOKEN");
    });

    test("is asked by the names that it was given, however they are written", async () => {
      const { url, token, end } = await startHttp(bench, {}, [
        "--allow-host",
        "Proxy.Example.org:8443",
        "lan",
      ]);
      const ask = (Host: string) => statusOf(url, { Authorization: `Bearer ${token}`, Host });
      expect([await ask("proxy.example.org"), await ask("LAN:99"), await ask("other")]).toEqual([
        200, 200, 403,
      ]);
      await end();
      const nameless = await bench.run(["mcp", "--http", "--port", "0", "--allow-host", "https://a/b"]);
      expect(nameless).toMatchObject({ code: 2, stdout: "" });
    });

    test("refuses what is for HTTP alone where it is not asked to serve that", async () => {
      const deaf = await bench.run(["mcp", "--port", "9000"]);
      expect(deaf).toMatchObject({ code: 2, stdout: "" });
      expect(deaf.stderr).toContain("Add --http");
    });

    test("tells browsers what pages of the origins that it was given may do, and no others", async () => {
      const [page, panel] = ["https://app.example.org", "vscode-webview://panel"];
      const { url, token, end } = await startHttp(bench, {}, ["--allow-origin", page, panel]);
      const Authorization = `Bearer ${token}`;
      for (const Origin of [page, panel]) {
        // A browser asks first, without the token: that is among what it asks for.
        expect(await preflight(url, { Origin })).toMatchObject({
          status: 204,
          headers: {
            ...{ "access-control-allow-origin": Origin, "access-control-allow-methods": "GET,POST,DELETE" },
            "access-control-allow-headers":
              "Authorization,Content-Type,Last-Event-ID,Mcp-Session-Id,Mcp-Protocol-Version",
          },
        });
        const read = {
          ...{ "access-control-allow-origin": Origin, vary: expect.stringMatching(/\bOrigin\b/) },
          "access-control-expose-headers": "Mcp-Session-Id,WWW-Authenticate",
        };
        const begun = await begin(url, { Authorization, Origin });
        expect(begun).toMatchObject({ status: 200, headers: read });
        expect(begun.headers["mcp-session-id"]).toMatch(/^[-\da-f]{36}$/);
        // Also what it is refused it may read.
        expect(await begin(url, { Origin })).toMatchObject({ status: 401, headers: read });
      }
      for (const stranger of [
        ...[{ Origin: "https://evil.example.org" }, { Origin: `${page}:444` }, { Origin: "null" }],
        { Origin: page, Host: "rebound.example.org" },
      ]) {
        for (const answer of [
          await preflight(url, stranger),
          await begin(url, { Authorization, ...stranger }),
        ]) {
          expect(answer.status).toBe(403);
          expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
        }
      }
      await end();
    });

    test.each(["*", "null", "app.example.org", "https://app.example.org/", "https://app.example.org/a"])(
      "takes no --allow-origin %s, which is none",
      async (origin) => {
        const refused = await bench.run(["mcp", "--http", "--port", "0", "--allow-origin", origin]);
        expect(refused).toMatchObject({ code: 2, stdout: "" });
        expect(refused.stderr).toContain("https://app.example.org.");
      },
    );

    test("asks for a token that it makes and prints, where others of the machine could use the key", async () => {
      const { url, token, end } = await startHttp(bench);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(await statusOf(url, {})).toBe(401);
      expect(await statusOf(url, { Authorization: `Bearer ${token.slice(1)}` })).toBe(401);
      expect(await statusOf(url, { Authorization: `Bearer ${token}` })).toBe(200);
      const { stdout, stderr } = await end();
      expect([stdout, stderr.split(token).length - 1]).toEqual(["", 1]);
      const next = await startHttp(bench);
      expect(next.token).not.toBe(token);
      await next.end();
      const keyless = await startHttp(bench, { LONGSHORE_API_KEY: "" });
      expect([keyless.token, await statusOf(keyless.url, {})]).toEqual(["", 200]);
      await keyless.end();
    });

    test("says of a job whose retention is over how it ended, and that its files are gone", async () => {
      const { mcp, close } = await overStdio(bench);
      const made = await call(mcp, "run_job", { steps: [{ kind: "shell", code: "echo x > x.txt" }] });
      const job_id = idOf(made);
      await face().expire(job_id);
      for (const wait_seconds of [0, 5]) {
        const answer = await call(mcp, "job_status", { job_id, wait_seconds });
        expect(answer.isError).toBeFalsy();
        expect(answer.structuredContent).toMatchObject({
          ...{ status: "succeeded", ended: true, output_files: [], output_files_in_all: 0 },
        });
      }
      const listed = await call(mcp, "job_outputs", { job_id });
      expect(listed.isError).toBe(true);
      expect(textOf(listed)).toContain("retention is over");
      await close();
    });

    test("takes a token where one is set, and never more sessions than it can hold", async () => {
      const { url, token, end } = await startHttp(bench, { LONGSHORE_MCP_TOKEN: "of-the-harbour" });
      expect(token).toBe("");
      expect(await statusOf(url, {})).toBe(401);
      expect(await statusOf(url, { Authorization: "Bearer of-the-harbor" })).toBe(401);
      const headers = { Authorization: "Bearer of-the-harbour" };
      const first = await connectHttp(url, headers);
      for (let session = 0; session < 40; session += 1) expect(await statusOf(url, headers)).toBe(200);
      // It was silent for longer than those that came last, and made place.
      await expect(first.listTools()).rejects.toThrow("no such session");
      await end();
    });
  });
}

async function newestJobs({ client }: CliBench): Promise<readonly [string]> {
  for await (const { job_id } of client().list({ metadata: { via: "mcp" } }, { pageSize: 1 }))
    return [job_id];
  throw new Error("there is no job");
}
