import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlan } from "./read-plan.ts";

const plan = { steps: [{ kind: "shell", command: "echo '```' # }, ]" }] };
const json = JSON.stringify(plan);
const read = {
  ok: true,
  value: [{ kind: "shell", command: plan.steps[0]?.command, continue_on_error: false }],
};

describe("the reader takes a plan", () => {
  test.each([
    ["alone", json],
    ["after a byte order mark", `\uFEFF${json}`],
    ["in a code fence", `\`\`\`json\n${json}\n\`\`\``],
    ["between prose", `Here is the plan:\n\n${json}\n\nGood luck!`],
    ["after prose with braces", `The {set} of [steps] is: ${json} {end}`],
    ["after reasoning that drafts another plan", `<think>maybe {"steps":[]}?</think>${json}`],
    ["with trailing commas", `${json.slice(0, -3)},}, ],\n}`],
    ["with raw line breaks in a string", json.replace("#", "\n\t#")],
    ["as a bare array", JSON.stringify(plan.steps)],
    [
      "with nulls for what is left out",
      JSON.stringify({ steps: [{ ...plan.steps[0], name: null, timeout_seconds: null }] }),
    ],
  ])("%s", (_, text) => {
    expect(readPlan(text)).toEqual(text.includes("\n\t#") ? readPlan(json.replace("#", "\\n\\t#")) : read);
  });
});

describe("the reader refuses, with a sentence to ask again with", () => {
  test.each([
    ["prose", "I would rather not.", "the answer holds no JSON"],
    [
      "JSON that is cut off",
      json.slice(0, -4),
      "the answer is not complete JSON: it is cut off, or a bracket, quote or escape is wrong",
    ],
    ["no steps", '{"steps":[]}', expect.stringMatching(/^\/steps: /)],
    ["an unknown kind", '{"steps":[{"kind":"dance"}]}', expect.stringMatching(/^\/steps\/0\/kind: /)],
    [
      "an unknown member",
      '{"steps":[{"kind":"shell","command":"x","a/b":1}]}',
      "/steps/0/a~1b: is not a known member, leave it out",
    ],
    [
      "a path that leads out",
      '{"steps":[{"kind":"write_file","path":"/etc/passwd","content":""}]}',
      expect.stringMatching(/^\/steps\/0\/path: /),
    ],
  ])("%s", (_, text, reason) => {
    expect(readPlan(text)).toEqual({ ok: false, failure: [reason] });
  });

  test("more faults than a model should read are counted", () => {
    const result = readPlan(JSON.stringify({ steps: Array.from({ length: 60 }, () => ({ kind: "no" })) }));
    expect(result.ok ? [] : result.failure.slice(20)).toEqual(["… and 40 more faults"]);
  });
});

test("any step survives being written as JSON in prose", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: "grapheme" }),
      fc.constantFrom("", "Plan:\n", "```json\n"),
      (code, before) => {
        fc.pre(!code.includes("\0") && code.isWellFormed());
        const result = readPlan(`${before}${JSON.stringify({ steps: [{ kind: "python", code }] })}\nDone.`);
        expect(result).toEqual({ ok: true, value: [{ kind: "python", code, continue_on_error: false }] });
      },
    ),
  );
});

test("any text is read or refused", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "a", "1", " ", "\n") }),
      (text) => typeof readPlan(text).ok === "boolean",
    ),
  );
});

test.each([
  ["brackets", "[".repeat(2_000_000)],
  ["pairs", "{}".repeat(1_000_000)],
  ["escaped quotes", `"${'\\"'.repeat(1_000_000)}`],
  ["commas", `[${", ".repeat(1_000_000)}`],
])("two megabytes of %s take no more than a moment", (_, text) => {
  // Processor time, as the clock also counts what the rest of the machine does; quadratic work would take minutes.
  const before = process.cpuUsage();
  expect(readPlan(text).ok).toBe(false);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});
