import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { finishesOf, jobFrame, python, shell, textOf } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeAll(async () => {
  agent = await startAgent();
}, 60_000);
afterAll(() => agent.remove());

const agentPid = "agent=$(pgrep -f '^/opt/longshore/agentd');";

test(
  "nothing that a Step may call ends the agent, opens its debugger or writes to the worker (fault 18)",
  { timeout: 60_000 },
  async () => {
    const may = { continue_on_error: true };
    agent.link.send(
      jobFrame([
        shell("kill -9 -1; echo after kill", may),
        shell(`${agentPid} kill -9 $agent; kill -USR1 $agent; kill -STOP $agent; echo after signals`, may),
        shell("kill -TERM 1; kill -USR1 1; kill -INT 1; sleep 0.2; echo after init", may),
        shell("(echo > /dev/tcp/127.0.0.1/9229) 2>/dev/null && echo debugger || echo no debugger", may),
        shell(
          `${agentPid} for fd in 0 1 2; do echo forged 2>/dev/null > /proc/$agent/fd/$fd; echo forged 2>/dev/null > /proc/1/fd/$fd; done; echo after forging`,
          may,
        ),
        python(
          "import os\nfor fd in range(3, 64):\n  try: os.write(fd, b'forged')\n  except OSError: pass\nprint('closed')",
        ),
      ]),
    );
    await agent.link.take("done");
    expect(textOf(agent.link.frames, "stdout").split("\n")).toEqual([
      "after kill",
      "after signals",
      "after init",
      "no debugger",
      "after forging",
      "closed",
    ]);
    expect(finishesOf(agent.link.frames)).toHaveLength(6);
    expect(agent.link.stderr()).toBe("");
  },
);

test(
  "signals from outside do not open the debugger or end the agent either",
  { timeout: 60_000 },
  async () => {
    const pid = (await agent.exec("pgrep", "-f", "^/opt/longshore/agentd")).trim();
    for (const signal of ["USR1", "TERM", "INT", "HUP", "QUIT", "USR2", "PIPE"]) {
      await agent.exec("kill", `-${signal}`, pid);
    }
    // 0100007F:240D is 127.0.0.1:9229, the debugger's.
    expect(await agent.exec("cat", "/proc/net/tcp")).not.toContain("0100007F:240D");
    agent.link.send({ type: "cancel" });
    await agent.link.take("stopped");
  },
);
