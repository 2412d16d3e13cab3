import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findFreePort } from "../../../scripts/host/free-port.ts";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";
import { startDeafLine } from "./deaf-line.ts";

/** `longshore run … && echo ok`, for each way in which it can end. */
export function cliOutcomesTestsuite(face: () => Face): void {
  describe("longshore ends with the outcome", { timeout: 60_000 }, () => {
    const { run, start, bash, client, folder } = useCliBench(face);
    const jobOf = (stderr: string) => /Job ([0-9a-f-]{36})/.exec(stderr)?.[1] ?? "none";
    const counting = ["run", "--step", "for i in $(seq 200); do echo line $i; sleep 0.01; done"];
    const lines = Array.from({ length: 200 }, (_, index) => `line ${String(index + 1)}\n`).join("");

    test("0 where the job succeeded, and what it printed is on stdout and stderr, apart", async () => {
      const ended = await run(["run", "--step", "echo out; echo err >&2"]);
      expect(ended).toMatchObject({ code: 0, stdout: "out\n" });
      expect(ended.stderr).toMatch(
        /^Job [0-9a-f-]{36}\n[\s\S]*● step 1 shell\nerr\n✓ step 1 shell[\s\S]*✓ succeeded/,
      );
      expect(await run(["run", "-q", "--step", "echo out; echo err >&2"])).toMatchObject({
        ...{ code: 0, stdout: "out\n", stderr: "err\n" },
      });
    });

    test("1 where it failed, with the reason", async () => {
      const ended = await run(["run", "--step", "echo before; exit 3"]);
      expect(ended).toMatchObject({ code: 1, stdout: "before\n" });
      expect(ended.stderr).toContain("✗ step 1 shell: exit code 3");
      expect(ended.stderr).toContain("✗ failed after");
    });

    test("as && and || see it", async () => {
      expect(await bash("longshore run -q --step true && echo ok")).toMatchObject({
        code: 0,
        stdout: "ok\n",
      });
      expect(await bash("longshore run -q --step false && echo ok")).toMatchObject({ code: 1, stdout: "" });
      expect(await bash("longshore run -q --step false || echo no")).toMatchObject({
        code: 0,
        stdout: "no\n",
      });
    });

    test("3 where somebody cancelled it", async () => {
      const running = start(["run", "--step", "echo started; sleep 60"]);
      await expect.poll(running.stdout, { timeout: 20_000 }).toBe("started\n");
      expect(await run(["cancel", jobOf(running.stderr())])).toMatchObject({ code: 0 });
      const ended = await running.ended;
      expect(ended).toMatchObject({ code: 3 });
      expect(ended.stderr).toContain("✗ cancelled after");
    });

    test("status --exit-status: as the job did, and 5 as long as it has not ended", async () => {
      const ended = async (command: string) =>
        (await client().run({ steps: [{ kind: "shell", command }] })).job_id;
      const code = async (id: string) => (await run(["status", id, "--exit-status"])).code;
      expect(await code(await ended("true"))).toBe(0);
      expect(await code(await ended("false"))).toBe(1);
      const { job_id } = await client().schedule({ steps: [{ kind: "shell", command: "sleep 60" }] });
      expect(await code(job_id)).toBe(5);
      expect((await run(["status", job_id])).code).toBe(0);
      await client().cancel(job_id, { waitSeconds: 30 });
      expect(await code(job_id)).toBe(3);
    });

    test("6 where no service is there, after it was tried again, with the next step", async () => {
      const url = `http://127.0.0.1:${String(await findFreePort())}`;
      const ended = await run(["run", "--step", "true"], { env: { LONGSHORE_URL: url } });
      expect(ended).toMatchObject({ code: 6, stdout: "" });
      expect(ended.stderr).toMatch(
        /^… the service is not reached, trying again\n✗ .*ECONNREFUSED.*\n {2}Is the service running/,
      );
    });

    test("4 where the key is refused or missing", async () => {
      for (const key of ["lsk_not_a_key", ""]) {
        const ended = await run(["run", "--step", "true"], { env: { LONGSHORE_API_KEY: key } });
        expect(ended).toMatchObject({ code: 4, stdout: "" });
        expect(ended.stderr).toContain("Set LONGSHORE_API_KEY");
      }
    });

    test("2 where the request, an option or a file is not valid, and nothing is scheduled", async () => {
      const refused = await run(["run", "--step", "true", "--limit", "cpus=1000"]);
      expect(refused).toMatchObject({ code: 2, stdout: "" });
      expect(refused.stderr).toContain("/limits/cpus:");
      for (const [args, words] of [
        [["run"], "There is nothing to run"],
        [["run", "--steps", "true"], "Did you mean --step?"],
        [["run", "--step", "true", "--secret", "TOKEN=visible"], "others can read it"],
        [["run", "--step", "true", "--secret", "NOPE"], "Set it, or give --secret NOPE=@FILE."],
        [["run", "--step", "true", "--env", "NOPE"], "Set it, or give NOPE=value."],
        [["run", "--step", "true", "--label", "x"], "has no value"],
        [["status", "nonsense"], "`longshore ls`"],
        [["ls", "--since", "5"], "a span, such as 2h"],
        [["run", "-", "--file", "-:crates.txt"], "stdin is asked for twice"],
      ] as const) {
        const ended = await run(args);
        expect(ended).toMatchObject({ code: 2, stdout: "" });
        expect(ended.stderr).toContain(words);
      }
    });

    test("5 where there is no such job, and 7 where a file is not there", async () => {
      expect(await run(["status", crypto.randomUUID()])).toMatchObject({ code: 5, stdout: "" });
      expect(await run(["run", "--step", "true", "--file", "missing.csv"])).toMatchObject({ code: 7 });
    });

    test("130 where it was interrupted: the job is cancelled, as there is no terminal to ask on", async () => {
      const running = start(["run", "--step", "echo started; sleep 60"]);
      await expect.poll(running.stdout, { timeout: 20_000 }).toBe("started\n");
      running.child.kill("SIGINT");
      const ended = await running.ended;
      expect(ended).toMatchObject({ code: 130, signal: null });
      expect(await client().status(jobOf(ended.stderr))).toMatchObject({ status: "cancelled" });
    });

    test("130 where cancelling got no answer: nothing else is said of the job, and how to cancel it", async () => {
      const line = await startDeafLine(face().url, /^POST \/cancel\//);
      const env = { LONGSHORE_URL: line.url };
      const interrupted = async (presses: number) => {
        const running = start(["run", "--step", "echo started; sleep 60"], { env });
        await expect.poll(running.stdout, { timeout: 20_000 }).toBe("started\n");
        running.child.kill("SIGINT");
        await expect.poll(running.stderr, { timeout: 20_000 }).toContain("… cancelling");
        const pressed = () => {
          if (!running.stderr().includes("Left job")) running.child.kill("SIGINT");
          return running.stderr();
        };
        // Before cancelling is given up by itself, and not so soon that it is taken for the same press.
        if (presses > 1) await expect.poll(pressed, { timeout: 4_000, interval: 150 }).toContain("Left job");
        const { code, stderr } = await running.ended;
        const id = jobOf(stderr);
        expect(stderr).toContain(
          `Left job ${id}, which was to be cancelled, and no answer came: longshore cancel ${id}\n`,
        );
        expect(stderr).not.toContain("bug");
        expect(code).toBe(130);
        expect(await client().status(id)).toMatchObject({ status: "running", cancel_requested_at: null });
        await client().cancel(id, { waitSeconds: 30 });
      };
      await interrupted(1);
      await interrupted(2);
      await line.close();
    });

    test("at once by a signal that comes after another, whatever it waits for: a pipe that nobody writes into", async () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const pipe = join(folder(), `request-of-${signal}`);
        await bash(`mkfifo ${pipe}`);
        const running = start(["run", "--request", pipe]);
        // Opens when the other end does.
        const writing = await open(pipe, "w");
        const signalled = () => {
          running.child.kill(signal);
          return running.child.signalCode;
        };
        await expect.poll(signalled, { timeout: 10_000 }).toBe(signal);
        await writing.close();
      }
    });

    test("143 where it was asked to go while it reads from a pipe that goes on", async () => {
      const running = start(["run", "-"], { stdin: null });
      // More than a pipe holds: it is written when the other side reads.
      await new Promise((resolve) => running.child.stdin?.write("x".repeat(1_000_000), resolve));
      running.child.kill("SIGTERM");
      expect(await running.ended).toMatchObject({ code: 143, signal: null, stdout: "" });
    });

    test("143 where it was asked to go: the job goes on, and logs -f gives all of it, and its outcome", async () => {
      const running = start(counting);
      await expect.poll(running.stdout, { timeout: 20_000 }).toContain("line 20\n");
      running.child.kill("SIGTERM");
      const ended = await running.ended;
      expect(ended).toMatchObject({ code: 143, signal: null });
      expect(ended.stderr).toContain(`which goes on: longshore logs -f ${jobOf(ended.stderr)}`);
      expect(await run(["logs", "-f", jobOf(ended.stderr)])).toMatchObject({ code: 0, stdout: lines });
    });

    test("nothing of a run that was killed is lost: logs -f goes on after any line", async () => {
      const running = start(counting);
      await expect.poll(running.stdout, { timeout: 20_000 }).toContain("line 20\n");
      running.child.kill("SIGKILL");
      const { stderr } = await running.ended;
      const id = jobOf(stderr);
      const whole = await run(["logs", "-f", id]);
      expect(whole).toMatchObject({ code: 0, stdout: lines });
      const told = (await run(["logs", id, "--json"])).stdout.trim().split("\n");
      // safety: one line of the log each, as JSON.
      const { seq } = JSON.parse(told[99] ?? "") as { seq: number };
      expect((await run(["logs", "-f", id, "--after", String(seq)])).stdout).toBe(
        lines.slice(lines.indexOf("line 101\n")),
      );
    });

    test("a service that is killed and comes back in the midst of a run is waited for, and no line is lost or doubled", async () => {
      const port = await findFreePort();
      const [first, url] = [face().startApi(port), `http://127.0.0.1:${String(port)}`];
      await first.logged(({ msg }) => msg === "listening");
      const running = start(counting, { env: { LONGSHORE_URL: url } });
      await expect.poll(running.stdout, { timeout: 20_000 }).toContain("line 20\n");
      await first.end("SIGKILL");
      await expect
        .poll(running.stderr, { timeout: 20_000 })
        .toContain("the service is not reached, trying again");
      const second = face().startApi(port);
      await second.logged(({ msg }) => msg === "listening");
      const ended = await running.ended;
      await second.end("SIGTERM");
      expect(ended).toMatchObject({ code: 0, stdout: lines });
      expect(ended.stderr).toContain("the service is there again");
    });

    test("2 for outputs that are to come, and nobody there to take them: nothing is run", async () => {
      const ended = await run(["run", "--detach", "--out", "never", "--step", "true"]);
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toContain("'-o, --out <dir>'");
    });

    test("141, and not a word, where nobody reads any more", async () => {
      const { stdout: id } = await run(["run", "--detach", "--step", "seq 20000"]);
      await run(["logs", "-f", id.trim()]);
      const ended = await bash(`longshore logs ${id.trim()} | head -n 2; echo "\${PIPESTATUS[0]}"`);
      expect(ended).toMatchObject({ code: 0, stdout: "1\n2\n141\n", stderr: "" });
    });

    test("the same for a job that is run again, with what was asked of it, and more on top", async () => {
      const asked = ["--step", 'echo "$PIER"; cat crates.txt', "-f", "-:crates.txt", "-e", "PIER=north"];
      const { stdout: id } = await run(["run", "--detach", ...asked], { stdin: "three crates\n" });
      const again = await run(["again", id.trim(), "-q"]);
      expect(again).toMatchObject({ code: 0, stdout: "north\nthree crates\n" });
      const changed = await run(["again", id.trim(), "-q", "-e", "PIER=south"]);
      expect(changed).toMatchObject({ code: 0, stdout: "south\nthree crates\n" });
      const other = await run(["again", id.trim(), "-q", "-f", "-:crates.txt"], { stdin: "four crates\n" });
      expect(other).toMatchObject({ code: 0, stdout: "north\nfour crates\n" });
      expect((await run(["again", id.trim(), "-q", "--step", "exit 3"])).code).toBe(1);
      const env = { TOKEN: "hidden-value" };
      const { stdout: sealed } = await run(["run", "--detach", "--step", "true", "--secret", "TOKEN"], {
        env,
      });
      await run(["logs", "-f", sealed.trim()]);
      const refused = await run(["again", sealed.trim()]);
      expect(refused).toMatchObject({ code: 5, stdout: "" });
      expect(refused.stderr).toContain("longshore run … --secret NAME");
      expect(await run(["again", crypto.randomUUID()])).toMatchObject({ code: 5 });
    });

    test("errors are JSON where results are", async () => {
      const refused = await run(["status", crypto.randomUUID(), "--json"]);
      expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "job_not_found", status: 404 } });
      const wrong = await run(["ls", "--json", "--nonsense"]);
      expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: "wrong_use" } });
    });
  });
}
