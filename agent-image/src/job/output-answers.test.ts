import { once } from "node:events";
import { expect, test } from "vitest";
import { createOutputAnswers } from "./output-answers.ts";

/** Programs that print nothing until they are ended, but for `echo`, and how long each of them ran. */
function setUp() {
  const sent: string[] = [];
  const happened: string[] = [];
  const answers = createOutputAnswers({
    send: (frame) => void sent.push(frame.toString()),
    capture: async ([name = ""], signal) => {
      happened.push(`${name} began`);
      if (name !== "echo") await once(signal, "abort");
      happened.push(`${name} ended`);
      return signal.aborted ? null : Buffer.from(name);
    },
  });
  answers.allow();
  return { answers, sent, happened };
}

test("what an owner asked for is ended when there is another, who does not wait for it and is not told", async () => {
  const { answers, sent, happened } = setUp();
  answers.ask(["slow"]);
  answers.ask(["behind"]);
  await expect.poll(() => happened).toEqual(["slow began"]);
  answers.forgetAsked();
  answers.ask(["echo"]);
  await expect.poll(() => sent).toHaveLength(1);
  expect(happened).toEqual(["slow began", "slow ended", "echo began", "echo ended"]);
  expect(JSON.parse(sent[0] ?? "")).toEqual({ type: "outputs", data: btoa("echo") });
});
