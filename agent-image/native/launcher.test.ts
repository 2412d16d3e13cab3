import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createHardenedContainer } from "./hardened-container.ts";
import type { HardenedContainer } from "./hardened-container.ts";

let container: HardenedContainer;
beforeAll(async () => {
  container = await createHardenedContainer();
}, 60_000);
afterAll(() => container.remove());

/** Runs Python as a step, and reads what it prints as JSON. */
async function probe(code: string, ...args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await container.launch("python3", "-c", code, ...args);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("a step that the launcher started", () => {
  test("has no descriptor of the agent's", async () => {
    const script = `exec 7</etc/passwd 200>/tmp/open; exec /opt/longshore/launch ${String(container.agentPid)} ls /proc/self/fd`;
    const { stdout } = await container.exec("bash", "-c", script);
    expect(stdout.trim().split("\n")).toEqual(["0", "1", "2", "3"]); // 3 is the folder that ls reads
  });

  test("reads end of file from its standard input", async () => {
    expect(await probe('import os; print(f\'"{os.readlink("/proc/self/fd/0")}"\')')).toBe("/dev/null");
  });

  test("leads a session and a process group of its own", async () => {
    const code = "import json, os; print(json.dumps([os.getsid(0), os.getpgid(0), os.getpid()]))";
    expect(
      new Set(
        z
          .array(z.number())
          .length(3)
          .parse(await probe(code)),
      ),
    ).toHaveProperty("size", 1);
  });

  test("is what the kernel takes first when memory runs out", async () => {
    expect(await container.launch("cat", "/proc/self/oom_score_adj")).toMatchObject({ stdout: "1000\n" });
  });

  test("has the usual signals, mask and soft limit of open files, whatever the agent's are", async () => {
    const script = `trap '' PIPE TERM; ulimit -Sn 4096; exec /opt/longshore/launch ${String(container.agentPid)} bash -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status; ulimit -Sn; umask'`;
    const { stdout } = await container.exec("bash", "-c", script);
    expect(stdout.trim().split(/\s+/)).toEqual([
      "SigBlk:",
      "0".repeat(16),
      "SigIgn:",
      "0".repeat(16),
      "1024",
      "0022",
    ]);
  });

  test("cannot reach the agent by any call that takes a pid, but can reach its own children", async () => {
    const found = await probe(
      await readFile(new URL("reach-agent.py", import.meta.url), "utf8"),
      String(container.agentPid),
    );
    const results = Object.entries(found ?? {});
    expect(results.length).toBeGreaterThan(60);
    for (const [name, result] of results) {
      const wanted = name.startsWith("child")
        ? "ok"
        : name.includes("pidfd_send_signal")
          ? "ENOSYS"
          : "EPERM";
      expect([name, result]).toEqual([name, wanted]);
    }
  });

  test("cannot do what takes a capability, whatever the kernel thinks of it, but all that everybody may", async () => {
    const found = await probe(await readFile(new URL("privileged-calls.py", import.meta.url), "utf8"));
    const results = Object.entries(found ?? {});
    expect(results.length).toBeGreaterThan(15);
    for (const [name, result] of results) {
      const refusal = name.startsWith("setpriority") ? "EACCES" : "EPERM";
      expect([name, result]).toEqual([name, name.endsWith("as everybody may") ? "ok" : refusal]);
    }
  });

  test("cannot signal process 1, which gVisor would let end", async () => {
    const { exitCode, stderr } = await container.launch("bash", "-c", "kill -0 1");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("Operation not permitted")]);
  });

  test("leaves the agent alive after trying to kill everything", async () => {
    await container.launch(
      "bash",
      "-c",
      "kill -9 -1; pkill -9 .; pkill -9 -f agentd; pkill -9 -f node; true",
    );
    const alive = await container.exec("bash", "-c", `kill -0 ${String(container.agentPid)} && kill -0 1`);
    expect(alive).toMatchObject({ exitCode: 0 });
  });

  test("cannot open the agent's or process 1's memory, descriptors or environment", async () => {
    const script = `for pid in 1 ${String(container.agentPid)}; do for file in mem environ maps fd/0 fd/1 map_files cwd/. root/. exe; do
      cat /proc/$pid/$file > /dev/null 2> /tmp/why && echo "$pid $file opened"
      grep -q "Permission denied" /tmp/why || { echo "$pid $file"; cat /tmp/why; }
    done; done`;
    expect(await container.launch("bash", "-c", script)).toMatchObject({ stdout: "", stderr: "" });
  });
});

describe("the launcher", () => {
  test("passes on the program's exit code and arguments", async () => {
    const ended = await container.launch("bash", "-c", 'echo "$1|$2"; exit 42', "bash", "a b", "");
    expect(ended).toEqual({ exitCode: 42, stdout: "a b|\n", stderr: "" });
  });

  test.each([
    ["127 where the program does not exist", "no-such-program", 127, "No such file or directory"],
    ["126 where the file is not executable", "/etc/passwd", 126, "Permission denied"],
  ])("ends with %s", async (_, program, exitCode, reason) => {
    const ended = await container.launch(program);
    expect(ended).toEqual({ exitCode, stdout: "", stderr: `launch: ${program}: ${reason}\n` });
  });

  test.each([["0"], ["1"], ["-1"], ["x"], ["99999"]])("runs nothing for the agent pid %s", async (pid) => {
    const ended = await container.exec("/opt/longshore/launch", pid, "echo", "ran");
    expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  });
});
