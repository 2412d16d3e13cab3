import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../../../scripts/host/free-port.ts";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";

/** What longshore tells of jobs, of the service, and of itself. */
export function cliLooksTestsuite(face: () => Face): void {
  describe("longshore tells", { timeout: 60_000 }, () => {
    const { run, bash, client, folder } = useCliBench(face);
    let id: string;
    beforeAll(async () => {
      const steps = [{ kind: "shell" as const, command: "echo out; echo err >&2", name: "both" }];
      ({ job_id: id } = await client().run({ prompt: "two lines", steps, metadata: { pier: "looks" } }));
    });
    const parsed = async (args: readonly string[]): Promise<unknown> => JSON.parse((await run(args)).stdout);
    const rows = async (args: readonly string[]): Promise<readonly unknown[]> =>
      (await run(args)).stdout
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));

    test("jobs, as JSON and for people", async () => {
      expect(await parsed(["ls", "--json", "--label", "pier=looks"])).toMatchObject([{ job_id: id }]);
      expect(await parsed(["ls", "--json", "--label", "pier=looks", "--status", "failed"])).toEqual([]);
      expect(await parsed(["ls", "--json", "-S", "two lines", "--since", "1h"])).toMatchObject([
        { job_id: id },
      ]);
      expect(await parsed(["status", id, "--json"])).toMatchObject({ job_id: id, status: "succeeded" });
      const { stdout } = await run(["status", id]);
      expect(stdout).toMatch(/^[0-9a-f-]{36} succeeded\n {2}two lines\n/);
      expect(stdout).toMatch(/ {2}1 +shell +succeeded +0 +\d+ ms +both/);
      expect(stdout).toContain("pier=looks");
    });

    test("logs and events, a line each, from any number on", async () => {
      expect(await rows(["logs", id, "--json"])).toMatchObject([{ text: "out" }, { text: "err" }]);
      const events = await rows(["events", id, "--json"]);
      expect(events).toEqual(events.map((_, index): unknown => expect.objectContaining({ seq: index + 1 })));
      expect(events.at(-1)).toMatchObject({ type: "end", data: { status: "succeeded" } });
      expect(await rows(["events", id, "--json", "--after", "3"])).toEqual(events.slice(3));
      expect((await run(["events", id])).stdout).toContain("✓ step 1 shell");
      expect((await run(["logs", id, "-t"])).stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z out\n/);
    });

    test("that a job which has ended cannot be cancelled", async () => {
      const ended = await run(["cancel", id]);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("had ended already: succeeded");
    });

    test("the doctor's findings: all is well, and what is not with the next step", async () => {
      const well = await run(["doctor"]);
      expect(well).toMatchObject({ code: 0 });
      expect(well.stdout).toMatch(/✓ address[\s\S]*✓ service[\s\S]*✓ key[\s\S]*✓ database[\s\S]*All is well/);
      const refused = await run(["doctor"], { env: { LONGSHORE_API_KEY: "lsk_wrong" } });
      expect(refused).toMatchObject({ code: 4 });
      expect(refused.stdout).toMatch(/✗ key[\s\S]*Set another key in LONGSHORE_API_KEY/);
      const LONGSHORE_URL = `http://127.0.0.1:${String(await findFreePort())}`;
      const away = await run(["doctor", "--json"], { env: { LONGSHORE_URL } });
      expect(away).toMatchObject({ code: 6 });
      expect(JSON.parse(away.stdout)).toMatchObject({
        ok: false,
        findings: [
          { what: "address", state: "good" },
          { what: "service", state: "bad" },
        ],
        next_step: expect.stringContaining("npm start"),
      });
    });

    test("where its settings are from, and refuses those that cannot be", async () => {
      const { url, key } = face();
      const config = join(folder(), "config.json");
      await writeFile(config, JSON.stringify({ url, api_key: key }), { mode: 0o644 });
      const env = { LONGSHORE_URL: "", LONGSHORE_API_KEY: "", LONGSHORE_CONFIG: config };
      const open = await run(["doctor"], { env });
      expect(open).toMatchObject({ code: 0 });
      expect(open.stdout).toContain(`from ${config}`);
      expect(open.stdout).toContain(`chmod 600 ${config}`);
      await chmod(config, 0o600);
      expect((await run(["doctor"], { env })).stdout).toContain("All is well");
      const nowhere = { ...env, LONGSHORE_URL: "http://127.0.0.1:1" };
      expect(await run(["status", id, "--url", url], { env: nowhere })).toMatchObject({ code: 0 });
      await writeFile(config, '{"api_key": "lsk_secret" oops');
      const broken = await run(["ls"], { env });
      expect(broken).toMatchObject({ code: 2 });
      expect(broken.stderr).not.toContain("lsk_secret");
      for (const address of [
        "ftp://example.org",
        "nonsense",
        "http://me:secret@example.org",
        ...["http://127.0.0.1:8000/?token=secret", "http://127.0.0.1:8000/#top"],
      ]) {
        const ended = await run(["ls"], { env: { LONGSHORE_URL: address } });
        expect(ended).toMatchObject({ code: 2 });
        expect(ended.stderr).toContain("LONGSHORE_URL");
        expect(ended.stderr).not.toMatch(/token|#top/);
      }
      const elsewhere = await run(["ls"], { env: { LONGSHORE_URL: `${url}/no/such/path` } });
      expect(elsewhere.stderr).toContain("Is the address right? It is that of --url, LONGSHORE_URL");
    });

    test("a key of the config file to the address that stands beside it, and to no other", async () => {
      const { url, key } = face();
      const config = join(folder(), "keyed.json");
      const save = (settings: object) => writeFile(config, JSON.stringify(settings), { mode: 0o600 });
      const env = { LONGSHORE_URL: "", LONGSHORE_API_KEY: "", LONGSHORE_CONFIG: config };
      const sent: (string | undefined)[] = [];
      const listening = createServer((asked, answer) => {
        sent.push(asked.headers.authorization);
        answer
          .writeHead(401)
          .end(JSON.stringify({ status: 401, code: "key_missing", detail: "No key came." }));
      });
      listening.listen(0, "127.0.0.1");
      await once(listening, "listening");
      // safety: it listens on a port.
      const { port } = listening.address() as AddressInfo;
      const other = `http://127.0.0.1:${String(port)}`;
      await save({ url, api_key: key });
      const told = `! The key of ${config} is for ${url}, and not sent to ${other}: set LONGSHORE_API_KEY for that\n`;
      const byOption = await run(["ls", "--url", other], { env });
      expect(byOption.code).toBe(4);
      expect(byOption.stderr).toContain(told);
      const byEnv = await run(["ls"], { env: { ...env, LONGSHORE_URL: other } });
      expect(byEnv.stderr).toContain(told);
      const asJson = await run(["ls", "--json", "--url", other], { env });
      expect(JSON.parse(asJson.stderr)).toMatchObject({
        error: { advice: expect.stringContaining("LONGSHORE_API_KEY") },
      });
      expect((await run(["doctor", "--url", other], { env })).stdout).toContain(told.slice(2));
      expect(sent.length).toBeGreaterThanOrEqual(4);
      expect(sent.filter((each) => each !== undefined)).toEqual([]);
      await run(["ls", "--url", other], { env: { ...env, LONGSHORE_API_KEY: "lsk_for_that" } });
      expect(sent.at(-1)).toBe("Bearer lsk_for_that");
      expect(await run(["ls", "--url", `${url}/`], { env })).toMatchObject({ code: 0, stderr: "" });
      await save({ api_key: key });
      expect(await run(["ls", "--url", url], { env })).toMatchObject({ code: 0, stderr: "" });
      listening.close();
    });

    test("how to use it: help, suggestions, and its version", async () => {
      expect((await run([])).stdout).toContain("Usage: longshore");
      expect(await run(["help", "run"])).toMatchObject({ code: 0, stderr: "" });
      const wrong = await run(["stats"]);
      expect(wrong).toMatchObject({ code: 2, stdout: "" });
      expect(wrong.stderr).toContain("Did you mean status?");
      expect((await run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    });

    test("bash how a command goes on: commands, options, choices and ids of jobs", async () => {
      const complete = async (...words: readonly string[]) => {
        const ended = await bash(`eval "$(longshore completion bash)"
          COMP_WORDS=(longshore ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${String(words.length)}
          _longshore; printf '%s\\n' "\${COMPREPLY[@]}"`);
        expect(ended).toMatchObject({ stderr: "" });
        return ended.stdout.trim().split("\n");
      };
      expect(await complete("do")).toEqual(["download", "doctor"]);
      expect(await complete("run", "--max")).toEqual(["--max-turns", "--max-attempts"]);
      expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
      expect(await complete("keys", "")).toEqual(["ls", "create", "revoke", "help"]);
      expect(await complete("keys", "create", "--n")).toEqual(["--name"]);
      expect(await complete("logs", "--stream", "st")).toEqual(["stdout", "stderr"]);
      expect(await complete("status", id.slice(0, 30))).toContain(id);
      expect(await complete("--json", "status", "la")).toEqual(["last"]);
    });
  });
}
