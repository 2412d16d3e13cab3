import { afterEach, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { eventsOf, finishesOf, jobFrame, python, shell, textOf, writeFile } from "../testing/job-frame.ts";

let agent: AgentSandbox;
afterEach(() => agent.remove());

const slow = { timeout: 120_000 };
const mebibyte = 1_048_576;

test(
  "a flood of 1 GB passes at full speed, is cut at the limit and counted, in little memory (fault 16)",
  slow,
  async () => {
    agent = await startAgent();
    const bytes = 1024 * mebibyte;
    agent.link.send(
      jobFrame([shell("yes | head -c 1G || true"), shell("echo after")], { log_bytes: mebibyte }),
    );
    await agent.link.take("done");
    const kept = eventsOf(agent.link.frames).flatMap((event) => (event.type === "lines" ? event.lines : []));
    const dropped = eventsOf(agent.link.frames).filter((event) => event.type === "dropped");
    expect(kept).toHaveLength(mebibyte / 2);
    expect(dropped.slice(1)).toEqual([
      { type: "dropped", index: 1, bytes: bytes - mebibyte, lines: (bytes - mebibyte) / 2 },
      {
        type: "dropped",
        index: 2,
        bytes: bytes - mebibyte + "after\n".length,
        lines: (bytes - mebibyte) / 2 + 1,
      },
    ]);
    expect(finishesOf(agent.link.frames)[0]?.duration_ms).toBeLessThan(20_000);
    expect(await agent.agentRss()).toBeLessThan(150 * mebibyte);
  },
);

test("log_lines bounds the log as well", slow, async () => {
  agent = await startAgent();
  agent.link.send(jobFrame([shell("seq 1 1000")], { log_lines: 10 }));
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout").split("\n")).toHaveLength(10);
  expect(eventsOf(agent.link.frames)).toContainEqual({
    type: "dropped",
    index: 1,
    bytes: 3_893 - 21,
    lines: 990,
  });
});

test("a line of 100 MB comes in pieces of 16 KiB, in little memory (fault 16)", slow, async () => {
  agent = await startAgent();
  agent.link.send(jobFrame([shell("head -c 100M /dev/zero | tr '\\0' x")], { log_bytes: 200 * mebibyte }));
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout")).toHaveLength(100 * mebibyte);
  expect(textOf(agent.link.frames, "stdout")).not.toContain("\n");
  expect(await agent.agentRss()).toBeLessThan(150 * mebibyte);
});

test("invalid UTF-8 and NUL become U+FFFD", slow, async () => {
  agent = await startAgent();
  agent.link.send(
    jobFrame([shell("printf 'a\\xff\\xe2\\x82b\\0c\\r\\n'; printf '\\xe2'; sleep 0.2; printf '\\x82\\xac'")]),
  );
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout")).toBe("a\uFFFD\uFFFDb\uFFFDc\r\n€");
});

test("a child killed for memory is counted, and so is the Step's own program", slow, async () => {
  agent = await startAgent({ memoryBytes: 160 * mebibyte });
  const eat = "x = bytearray(400 * 1024 * 1024)";
  agent.link.send(
    jobFrame([
      shell(`python3 -c '${eat}' || echo "child: $?"`),
      { ...python(eat), continue_on_error: true },
      shell("true"),
    ]),
  );
  await agent.link.take("done");
  const [child, own, after] = finishesOf(agent.link.frames);
  expect(textOf(agent.link.frames, "stdout")).toBe("child: 137");
  expect(child).toMatchObject({ exit_code: 0, sigkilled: false, oom_kills: 1 });
  expect(own).toMatchObject({ exit_code: 137, sigkilled: true, oom_kills: 1 });
  expect(after).toMatchObject({ exit_code: 0, oom_kills: 0 });
});

test(
  "a full /workspace is told, whatever the Step's exit code, and write_file names it (fault 16)",
  slow,
  async () => {
    agent = await startAgent({ workspaceBytes: mebibyte });
    agent.link.send(
      jobFrame([
        shell("head -c 2M /dev/zero > big", { continue_on_error: true }),
        { ...writeFile("more.txt", "x".repeat(10_000)), continue_on_error: true },
        shell("rm big"),
      ]),
    );
    await agent.link.take("done");
    const [shellStep, written, freed] = finishesOf(agent.link.frames);
    expect(shellStep).toMatchObject({ exit_code: 1, disk_full: true });
    expect(written).toMatchObject({
      exit_code: 1,
      disk_full: true,
      note: "more.txt cannot be written: no space is left.",
    });
    expect(freed).toMatchObject({ exit_code: 0, disk_full: false });
  },
);

test("a file of the Job that does not fit fails the first Step, which is not run", slow, async () => {
  agent = await startAgent({ workspaceBytes: mebibyte });
  const data = Buffer.alloc(192 * 1024).toString("base64");
  for (let piece = 0; piece < 8; piece++)
    agent.link.send({ type: "file", path: "in/big", data, append: piece > 0 });
  agent.link.send(jobFrame([shell("echo ran", { continue_on_error: true })]));
  await agent.link.take("model_request");
  expect(finishesOf(agent.link.frames)).toMatchObject([{ index: 1, exit_code: 1, disk_full: true }]);
  expect(finishesOf(agent.link.frames)[0]?.note).toContain("in/big cannot be written: no space is left.");
  agent.link.send({
    type: "model_result",
    turn: 1,
    steps: [shell("stat -c %s in/big > /dev/null; echo repaired")],
  });
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout")).toBe("repaired");
});

test("a fork bomb ends with its Step, and the next one runs (fault 16)", slow, async () => {
  agent = await startAgent();
  const bomb = "bomb() { bomb & bomb & sleep 30; }; bomb";
  agent.link.send(
    jobFrame([shell(bomb, { timeout_ms: 1_500, continue_on_error: true }), shell("echo alive | cat")]),
  );
  await agent.link.take("done");
  expect(textOf(agent.link.frames, "stdout")).toBe("alive");
});
