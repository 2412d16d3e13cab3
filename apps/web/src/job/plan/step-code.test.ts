import { expect, test } from "vitest";
import { readPlanFile, toStepCode } from "./step-code.ts";

test("a step's code is what it runs or writes", () => {
  expect(toStepCode({ kind: "shell", command: "ls" })).toEqual({ text: "ls", language: "bash", path: null });
  expect(toStepCode({ kind: "python", code: "1" })).toEqual({ text: "1", language: "python", path: null });
  expect(toStepCode({ kind: "write_file", path: "a.md", content: "x" })).toEqual({
    ...{ text: "x", language: null, path: "a.md" },
  });
  expect(toStepCode({ kind: "write_file", path: "a", content: "eA==", encoding: "base64" }).text).toBe(
    "(bytes that are no text)",
  );
});

test("an archive's plan gives the code of its steps", () => {
  const plan = {
    source: "model",
    steps: [
      { kind: "shell", command: "ls" },
      { kind: "python", code: "1" },
    ],
  };
  expect(readPlanFile(JSON.stringify(plan))?.map(({ text }) => text)).toEqual(["ls", "1"]);
});

test.each(["", "null", "[]", "{}", '{"steps":1}', "<script>"])("%j is no plan", (text) => {
  expect(readPlanFile(text)).toBeNull();
});

test.each(['{"steps":[null]}', '{"steps":[1]}', '{"steps":[{"kind":"shell","command":{}}]}'])(
  "of %j no code is told, and nothing fails",
  (text) => {
    expect(readPlanFile(text)?.map((step) => step.text)).toEqual([""]);
  },
);
