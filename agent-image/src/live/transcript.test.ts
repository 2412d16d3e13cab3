import { readFileSync, writeFileSync } from "node:fs";
import { agentFrame, workerFrame } from "@longshore/shared/contracts/agent-wire";
import { expect, test } from "vitest";
import { startAgent } from "../testing/agent-sandbox.ts";
import type { RecordedFrame } from "../testing/agent-link.ts";
import { jobFrame, python, shell, writeFile } from "../testing/job-frame.ts";

/**
 * A recorded session, frame by frame, for tests that must not depend on an engine. To record it again:
 * RECORD_AGENT_TRANSCRIPT=1 vitest run agent-image/src/live/transcript.test.ts
 */
const file = new URL("../../../tests/contract/agent-transcript.ndjson", import.meta.url);

test.runIf(process.env["RECORD_AGENT_TRANSCRIPT"] === "1")(
  "a session is recorded",
  { timeout: 60_000 },
  async () => {
    const agent = await startAgent();
    try {
      const { link } = agent;
      const data = Buffer.from("name,amount\na,1\nb,2\n").toString("base64");
      link.send({ type: "file", path: "in/data.csv", data, append: false });
      link.send(jobFrame(null, { log_bytes: 40_000, env: { GREETING: "hello" } }));
      await link.take("model_request");
      link.send({
        type: "model_result",
        turn: 1,
        steps: [
          python("print(sum(int(line.split(',')[1]) for line in open('in/data.csv').readlines()[1:]))"),
          { ...shell("sleep 30", { timeout_ms: 300 }), continue_on_error: true },
          shell("echo $GREETING; printf 'caf\\xc3\\xa9 \\xff\\n'; echo no such thing >&2; exit 3"),
        ],
      });
      await link.take("model_request");
      link.send({
        type: "model_result",
        turn: 2,
        steps: [
          writeFile("out/result.txt", "3\n"),
          shell("head -c 20000 /dev/zero | tr '\\0' x; echo; seq 1 20000"),
        ],
      });
      await link.take("done");
      link.send({ type: "cancel" });
      await link.take("stopped");
      const lines = link.transcript.map((recorded) => JSON.stringify(recorded));
      writeFileSync(file, `${lines.join("\n")}\n`);
    } finally {
      await agent.remove();
    }
  },
);

test("each frame of the recorded session is one of the wire's", () => {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const types = new Set<string>();
  for (const line of lines) {
    // safety: checked by the two schemas, which is what this test is for.
    const { from, frame } = JSON.parse(line) as RecordedFrame;
    types.add((from === "agent" ? agentFrame : workerFrame).parse(frame).type);
  }
  expect([...types].sort()).toEqual(
    [
      "ack",
      "cancel",
      "done",
      "event",
      "file",
      "hello",
      "job",
      "model_request",
      "model_result",
      "stopped",
    ].sort(),
  );
});
