import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHardenedContainer, docker, startHardened } from "./hardened-container.ts";
import type { HardenedContainer } from "./hardened-container.ts";

let container: HardenedContainer;
beforeAll(async () => {
  container = await createHardenedContainer();
}, 60_000);
afterAll(() => container.remove());

/** Runs a command as the only child of init, does something to the container, and answers init's exit code. */
async function exitCodeOf(
  command: readonly string[],
  meanwhile = async (_id: string) => {},
): Promise<number> {
  const id = await startHardened(...command);
  try {
    await meanwhile(id);
    return Number((await docker("wait", id)).stdout);
  } finally {
    await docker("rm", "--force", id);
  }
}

describe("init", () => {
  test("leaves no zombie of 100 orphans", async () => {
    await container.launch("bash", "-c", "for i in $(seq 100); do (sleep 0.05 &) ; done");
    const countOrphans = async () =>
      (await container.exec("ps", "-o", "pid=", "--ppid", "1")).stdout.trim().split("\n").length;
    await expect.poll(countOrphans, { timeout: 10_000 }).toBe(1); // the agent
  });

  test.each([
    ["the agent's exit code", "exit 7", 7],
    ["128 + 9 where SIGKILL ended it", "kill -9 $$", 137],
  ])("ends with %s", async (_, script, exitCode) => {
    expect(await exitCodeOf(["bash", "-c", script])).toBe(exitCode);
  });

  test("ends with 127 where the agent's program does not exist", async () => {
    expect(await exitCodeOf(["/no/such/agent"])).toBe(127);
  });

  test("does not pass a step's signals on to the agent", async () => {
    // Without the launcher, whose filter lets no step signal process 1.
    await container.exec(
      "bash",
      "-c",
      "for name in TERM INT HUP QUIT USR1 CHLD KILL STOP; do kill -$name 1; done",
    );
    // Init takes its signals in order: once it has reaped this orphan, it is done with those.
    await container.launch("bash", "-c", "(exit 0 &)");
    const { stdout } = await container.exec(
      "ps",
      "-o",
      "pid=,stat=",
      "--pid",
      `1,${String(container.agentPid)}`,
    );
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stdout).not.toMatch(/[ZT]/);
  });

  test("passes SIGTERM on to the agent where it comes from outside", async () => {
    const command = ["bash", "-c", "sleep 60 & touch /tmp/ready; wait"];
    const code = await exitCodeOf(command, async (id) => {
      const isReady = async () => (await docker("exec", id, "test", "-e", "/tmp/ready")).exitCode;
      await expect.poll(isReady, { timeout: 10_000 }).toBe(0);
      await docker("kill", "--signal", "TERM", id);
    });
    expect(code).toBe(143);
  });
}, 60_000);
