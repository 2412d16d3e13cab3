import type { AgentFrame, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AgentLink } from "../testing/agent-link.ts";
import { startAgent, type AgentSandbox, type Relay } from "../testing/agent-sandbox.ts";
import { finishesOf, jobFrame, resumeToken, shell, textOf } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeEach(async () => {
  agent = await startAgent();
}, 60_000);
afterEach(() => agent.remove());

const slow = { timeout: 60_000 };
const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

function resume(after: number, epoch: number, token = resumeToken): WorkerFrame {
  return { type: "resume", after, epoch, token };
}

/** A new owner that has everything up to `after`, once it has been greeted. */
async function takeOver(after: number, epoch: number): Promise<Relay> {
  const relay = await agent.relay();
  relay.link.send(resume(after, epoch));
  await relay.link.take("hello");
  return relay;
}

/** Adds to the history what follows it without a gap. */
function keep(kept: AgentFrame[], { frames }: AgentLink): void {
  for (const frame of frames) if ("seq" in frame && frame.seq === kept.length + 1) kept.push(frame);
}

test(
  "owners that are killed or frozen in a flood lose nothing: each line is told once and in order",
  slow,
  async () => {
    const print =
      "for i in $(seq 1 100); do for j in $(seq 30); do echo $i; done; yes $i | head -1000; sleep 0.02; done; exit 5";
    agent.link.send(jobFrame([shell(print), shell("echo never")]));
    await agent.link.takeEvent((event) => event.type === "lines");
    const kept: AgentFrame[] = [];
    let link = agent.link;
    for (const epoch of [1, 2, 5, 6, 7, 9]) {
      link.acknowledges = false;
      if (epoch % 2 === 1) link.destroy();
      else link.freeze();
      keep(kept, link);
      ({ link } = await takeOver(kept.length, epoch));
      await link.takeEvent((event) => event.type === "lines");
    }
    const { turn } = await link.take("model_request");
    link.send({ type: "model_result", turn, steps: null });
    await link.take("done");
    keep(kept, link);
    expect(kept.at(-1)?.type).toBe("done");
    const wanted = upTo(100).flatMap((n) => Array.from({ length: 1_030 }, () => String(n)));
    expect(textOf(kept, "stdout").split("\n")).toEqual(wanted);
    expect(finishesOf(kept).map((event) => event.exit_code)).toEqual([5]);
    expect(agent.link.stderr()).toBe("");
  },
);

test(
  "a first owner that froze in the middle of a flood is replaced, and its stdin and stdout count no more",
  slow,
  async () => {
    agent.link.acknowledges = false;
    agent.link.freeze();
    agent.link.send(jobFrame([shell("seq 1 100000; echo end")]));
    await expect.poll(() => agent.exec("cat", "/proc/net/unix")).toContain("@longshore-agent");
    const { link } = await takeOver(0, 1);
    // Garbage there would have ended the agent, and a cancel the Job, while it was the owner's.
    agent.link.sendRaw('{"type":"cancel"}\nwhat?\n');
    await link.take("done");
    expect(textOf(link.frames, "stdout").split("\n")).toEqual([...upTo(100_000).map(String), "end"]);
  },
);

test(
  "a Job that came only by half is asked for by the next hello, and its files begin anew",
  slow,
  async () => {
    const file = { type: "file" as const, path: "in/a", append: false };
    agent.link.send({ ...file, data: Buffer.from("half").toString("base64") });
    agent.link.sendRaw(JSON.stringify(jobFrame([shell("echo half")])).slice(0, 90));
    const relay = await agent.relay();
    relay.link.send(resume(0, 1, "any"));
    expect(await relay.link.take("hello")).toMatchObject({ running: false, version: 3 });
    relay.link.send({ ...file, data: Buffer.from("whole").toString("base64") });
    relay.link.send(jobFrame([shell("cat in/a; echo")]));
    await relay.link.take("done");
    expect(textOf(relay.link.frames, "stdout")).toBe("whole");
    expect(await (await takeOver(0, 2)).link.take("done")).toMatchObject({ seq: 4 });
  },
);

test(
  "a request for a plan that is open is asked again, and done and stopped are told to each owner",
  slow,
  async () => {
    agent.link.send(jobFrame(null));
    await agent.link.take("model_request");
    const first = await takeOver(0, 1);
    expect(first.link.frames.map(({ type }) => type)[0]).toBe("hello");
    expect(await first.link.take("model_request")).toMatchObject({ turn: 1 });
    first.link.send({ type: "model_result", turn: 1, steps: null });
    await first.link.take("done");
    const second = await takeOver(0, 2);
    await second.link.take("done");
    second.link.send({ type: "cancel" });
    await second.link.take("stopped");
    const third = await takeOver(0, 3);
    await third.link.take("stopped");
    expect(third.link.frames.map(({ type }) => type)).toEqual(["hello", "done", "stopped"]);
    expect(third.link.frames[0]).toMatchObject({ running: true });
  },
);

test(
  "a relay with a wrong token or an old epoch ends with 3, and the owner does not notice",
  slow,
  async () => {
    agent.link.send(jobFrame([shell("sleep 2; echo end")]));
    await agent.link.takeEvent((event) => event.type === "step_started");
    const owner = await takeOver(0, 4);
    for (const wrong of [resume(0, 9, "wrong"), resume(0, 4), resume(0, 3)]) {
      const { link, exitCode } = await agent.relay();
      link.send(wrong);
      await link.closed;
      await expect.poll(exitCode).toBe(3);
      expect(link.frames).toEqual([]);
    }
    await owner.link.take("done");
  },
);

test("the relay of an owner that is killed or replaced ends, frozen or not", slow, async () => {
  agent.link.send(jobFrame([shell("yes")]));
  await agent.link.takeEvent((event) => event.type === "lines");
  const frozen = await takeOver(0, 1);
  frozen.link.freeze();
  const relays = (): Promise<string> => agent.exec("pgrep", "-c", "relay");
  expect(await relays()).toBe("1\n");
  const killed = await takeOver(0, 2);
  await expect.poll(frozen.exitCode, { timeout: 5_000 }).toBe(0);
  killed.link.destroy();
  await expect.poll(relays, { timeout: 5_000 }).toBe("0\n");
  expect((await takeOver(0, 3)).link.frames[0]).toMatchObject({ running: true });
});

test(
  "an agent that hears no owner for the Job's time ends, whatever strangers say meanwhile",
  slow,
  async () => {
    const knock = `import socket, time
while True:
  with socket.socket(socket.AF_UNIX) as s:
    s.connect("\\0longshore-agent")
    s.sendall(b'{"type":"resume","after":0,"epoch":1,"token":"guess"}\\n')
  time.sleep(0.05)`;
    agent.link.acknowledges = false;
    const startedAt = performance.now();
    const step = { ...shell(""), command: `python3 -c '${knock.replaceAll("'", `'\\''`)}'` };
    agent.link.send(jobFrame([step], { silence_ms: 3_000 }));
    await agent.link.takeEvent((event) => event.type === "step_started");
    for (let word = 0; word < 4; word++) {
      await agent.exec("sleep", "0.5");
      agent.link.send({ type: "ack", seq: 0 });
    }
    await agent.link.closed;
    expect(performance.now() - startedAt).toBeGreaterThan(4_500);
    expect(agent.link.stderr()).toBe("agent: no worker was heard of for too long\n");
    await expect.poll(() => agent.isRunning(), { timeout: 5_000 }).toBe(false);
  },
);
