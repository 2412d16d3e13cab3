import { describe, expect, test } from "vitest";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";

const [escape, hidden] = ["\u001B", "\u001B[?25l"];

/** What somebody sees who sits before a terminal, and what they can press. */
export function cliTerminalTestsuite(face: () => Face): void {
  describe("on a terminal longshore", { timeout: 60_000 }, () => {
    const { inTerminal, run, client, folder } = useCliBench(face);
    const jobOf = (text: string) => /Job ([0-9a-f-]{36})/.exec(text)?.[1] ?? "none";
    const waiting = ["run", "--step", "echo started; sleep 60"];

    test("shows where the job is in the last line, what it prints above, and how it ended", async () => {
      const terminal = inTerminal(["run", "--step", "echo one; sleep 1; echo two"]);
      await terminal.sees("step 1 of 1");
      expect(await terminal.ended).toBe(0);
      expect(terminal.text()).toMatch(
        / {2}│ one[\s\S]* {2}│ two[\s\S]*✓ step 1 shell[\s\S]*✓ succeeded after/,
      );
      expect(terminal.raw()).toContain(`${escape}[32m✓${escape}[39m`);
      // Nothing is left of the last line, and the cursor was never hidden.
      expect(terminal.raw().trimEnd().endsWith("succeeded")).toBe(false);
      expect(terminal.raw()).not.toContain(hidden);
    });

    test("shows what a job prints to act on the terminal as what it is, and keeps its colours", async () => {
      const hostile = String.raw`printf '\033]0;owned\007\033[2J\033[1A\033[31mred\033[0m\b end\n\342\200\256turned\n'`;
      const terminal = inTerminal(["run", "-q", "--step", hostile]);
      expect(await terminal.ended).toBe(0);
      expect(terminal.raw()).toContain(`^[]0;owned^G^[[2J^[[1A${escape}[31mred${escape}[0m^H end`);
      expect(terminal.raw()).toContain(String.raw`\u{202e}turned`);
      expect(terminal.raw()).not.toContain(`${escape}]0;`);
      const plain = inTerminal(["run", "-q", "--step", hostile], { NO_COLOR: "1" });
      expect(await plain.ended).toBe(0);
      expect(plain.raw()).toContain("^[[1Ared^H end");
      expect(plain.raw().replaceAll(`\r${escape}[K`, "")).not.toContain(escape);
    });

    test("shows the last state of a line that is drawn over, and a pipe gets all of it", async () => {
      const bar = ["run", "-q", "--step", String.raw`printf '10%%\r50%%\r100%%\nwindows\r\n\r\nend\n'`];
      const terminal = inTerminal(bar);
      expect(await terminal.ended).toBe(0);
      expect(terminal.text().replaceAll("\r\n", "\n")).toContain("100%\n  │ windows\n  │ \n  │ end\n");
      expect(terminal.text()).not.toMatch(/50%|\^M/);
      expect((await run(bar)).stdout).toBe("10%\r50%\r100%\nwindows\r\n\r\nend\n");
    });

    test("shows names, labels and prompts that would act on it as what they are, too", async () => {
      const request = {
        prompt: `${escape}]0;owned\u0007 a prompt`,
        steps: [{ kind: "shell" as const, command: "true", name: `${escape}[2J a name` }],
        metadata: { label: `${escape}[5A` },
      };
      const { job_id } = await client().run(request);
      for (const args of [
        ["status", job_id],
        ["ls", "--limit", "5"],
        ["events", job_id],
      ]) {
        const terminal = inTerminal(args, { NO_COLOR: "1" });
        expect(await terminal.ended).toBe(0);
        expect(terminal.raw().replaceAll(`\r${escape}[K`, "")).not.toContain(escape);
      }
      expect((await run(["status", job_id])).stdout).toContain("^[[2J a name");
    });

    test("asks on Ctrl-C: d lets the job go on", async () => {
      const terminal = inTerminal(waiting);
      await terminal.sees("│ started");
      terminal.type("\u0003");
      await terminal.sees("[c]ancel the job, [d]etach");
      terminal.type("d");
      expect(await terminal.ended).toBe(130);
      const id = jobOf(terminal.text());
      expect(terminal.text()).toContain(`which goes on: longshore logs -f ${id}`);
      expect(await client().status(id)).toMatchObject({ status: "running", cancel_requested_at: null });
      await client().cancel(id, { waitSeconds: 30 });
    });

    test("asks on Ctrl-C: c cancels it and shows its end, and so does Ctrl-C once more", async () => {
      for (const key of ["c", "\u0003"]) {
        const terminal = inTerminal(waiting);
        await terminal.sees("│ started");
        terminal.type("\u0003");
        await terminal.sees("[k]eep following?");
        terminal.type(key);
        expect(await terminal.ended).toBe(130);
        expect(terminal.text()).toContain("✗ cancelled after");
        expect(await client().status(jobOf(terminal.text()))).toMatchObject({ status: "cancelled" });
      }
    });

    test("asks on Ctrl-C: k keeps following, and a job that ends meanwhile takes the question away", async () => {
      const terminal = inTerminal(["run", "--step", "echo started; sleep 2; echo more"]);
      await terminal.sees("│ started");
      terminal.type("\u0003");
      await terminal.sees("[k]eep following?");
      terminal.type("k");
      const isBack = () => terminal.text().lastIndexOf("step 1 of 1") > terminal.text().lastIndexOf("[k]eep");
      await expect.poll(isBack, { timeout: 20_000 }).toBe(true);
      terminal.type("\u0003");
      expect(await terminal.ended).toBe(0);
      expect(terminal.text()).toContain("│ more");
      expect(terminal.text()).toContain("✓ succeeded after");
    });

    test("lets the job go on when the terminal is closed", async () => {
      const terminal = inTerminal(waiting);
      await terminal.sees("│ started");
      const id = jobOf(terminal.text());
      terminal.close();
      await terminal.ended;
      expect(await client().status(id)).toMatchObject({ status: "running", cancel_requested_at: null });
      await client().cancel(id, { waitSeconds: 30 });
    });

    test("lists jobs as a table that fits, and in a pipe with tabs and whole times", async () => {
      await client().run({ prompt: `${"long ".repeat(50)}end`, steps: [{ kind: "shell", command: "true" }] });
      const terminal = inTerminal(["ls", "-L", "3"]);
      expect(await terminal.ended).toBe(0);
      const rows = terminal.text().trimEnd().split("\r\n");
      expect(rows[0]).toMatch(/^ID +STATUS +AGE +TOOK +PROMPT$/);
      expect(rows).toHaveLength(4);
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(100);
      const piped = (await run(["ls", "-L", "3"])).stdout.trimEnd().split("\n");
      expect(piped[0]).toMatch(/^[0-9a-f-]{36}\tsucceeded\t\d{4}-\d\d-\d\dT[\d:.]+Z\t\d+\tlong long/);
    });

    test("opens a job's page in the browser, and prints the address where there is none", async () => {
      const { job_id } = await client().run({ steps: [{ kind: "shell", command: "true" }] });
      const address = `${face().url}/ui/jobs/${job_id}`;
      expect(await run(["open", job_id])).toMatchObject({ code: 0, stdout: `${address}\n` });
      const browser = inTerminal(["open", job_id], { BROWSER: "true" });
      expect(await browser.ended).toBe(0);
      expect(browser.text()).toContain(`Opened ${address}`);
      const none = inTerminal(["open", job_id], { BROWSER: `${folder()}/no-browser` });
      expect(await none.ended).toBe(0);
      expect(none.text().trim()).toBe(address);
    });
  });
}
