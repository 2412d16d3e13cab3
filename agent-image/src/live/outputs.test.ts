import { mostSmallOutputBytes } from "@longshore/shared/contracts/agent-wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { jobFrame, resumeToken, shell } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeEach(async () => {
  agent = await startAgent();
}, 60_000);
afterEach(() => agent.remove());

const slow = { timeout: 60_000 };

async function outputOf(script: string): Promise<string | null> {
  agent.link.send({ type: "outputs", argv: ["/bin/sh", "-c", script] });
  const { data } = await agent.link.take("outputs");
  return data === null ? null : Buffer.from(data, "base64").toString();
}

test("what a program prints is given when the Steps are over, and not before", slow, async () => {
  expect(await outputOf("echo early")).toBeNull();
  agent.link.send(jobFrame([shell("echo kept > kept; sleep 1")], { env: { SECRET: "x" } }));
  await agent.link.takeEvent((event) => event.type === "step_started");
  expect(await outputOf("cat kept")).toBeNull();
  await agent.link.take("done");
  expect(await outputOf("cat kept; pwd; echo $SECRET; echo complaint >&2")).toBe("kept\n/workspace\n\n");
});

test("it is kept from what a Step is kept from", slow, async () => {
  agent.link.send(jobFrame([shell("grep -E 'Seccomp_filters|NoNewPrivs|CapEff' /proc/self/status > own")]));
  await agent.link.take("done");
  const status = "grep -E 'Seccomp_filters|NoNewPrivs|CapEff' /proc/self/status";
  expect(await outputOf(status)).toBe(await outputOf("cat own"));
  expect(await outputOf("ulimit -n; cat /proc/self/oom_score_adj")).toBe("1024\n1000\n");
});

test("much, slow or failed output is not given, and nothing of it runs on", slow, async () => {
  agent.link.send(jobFrame([shell("true")]));
  await agent.link.take("done");
  const many = `head -c ${String(mostSmallOutputBytes)} /dev/zero`;
  expect(await outputOf(many)).toHaveLength(mostSmallOutputBytes);
  expect(await outputOf(`${many}; echo more`)).toBeNull();
  expect(await outputOf("yes")).toBeNull();
  expect(await outputOf("echo part; exec sleep 300")).toBeNull();
  expect(await outputOf("sleep 300 & echo part")).toBeNull();
  expect(await outputOf("echo part; exit 3")).toBeNull();
  expect(await agent.exec("ps", "-e", "-o", "comm=")).not.toMatch(/sleep|yes|head/);
  expect(await outputOf("echo again")).toBe("again\n");
});

test("a new owner is not told what the one before had asked for", slow, async () => {
  agent.link.send(jobFrame([shell("true")]));
  await agent.link.take("done");
  agent.link.send({ type: "outputs", argv: ["/bin/sh", "-c", "touch asked; sleep 1; echo first"] });
  await expect.poll(() => agent.exec("ls", "/workspace")).toContain("asked");
  const { link } = await agent.relay();
  link.send({ type: "resume", after: 0, epoch: 1, token: resumeToken });
  await link.take("done");
  link.send({ type: "outputs", argv: ["/bin/echo", "second"] });
  expect(await link.take("outputs")).toEqual({ type: "outputs", data: btoa("second\n") });
  expect(link.frames.filter(({ type }) => type === "outputs")).toHaveLength(1);
});
