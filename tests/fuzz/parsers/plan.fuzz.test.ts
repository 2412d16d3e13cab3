import { modelPlan } from "@longshore/shared/contracts/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planLiterally } from "../../../apps/worker/src/models/literal-planner.ts";
import { readPlan } from "../../../apps/worker/src/models/read-plan.ts";
import { fuzzFactor, fuzzSettings, fuzzTimeoutMs } from "../fuzz-settings.ts";
import { hostileText, mutate, mutations } from "../hostile-values.ts";

const { seed } = fuzzSettings;
const runs = (count: number) => ({ seed, numRuns: count * fuzzFactor });

const plan = {
  steps: [
    { kind: "shell", command: "echo '}' # {", name: "a" },
    { kind: "python", code: 'print("]")', timeout_seconds: 5 },
    { kind: "write_file", path: "a/b", content: "x", encoding: "utf8" },
  ],
};

/** What a model's answer may be that is led on by the text of a job: a plan, nearly one, around and in other text. */
const answers = fc
  .tuple(
    mutations,
    hostileText,
    hostileText,
    fc.constantFrom("", "```json\n", "<think>", "</think>", '{"', "[", "\uFEFF"),
    fc.nat(300),
    fc.boolean(),
  )
  .map(([changes, before, after, opening, at, cut]) => {
    const json = JSON.stringify(changes.reduce<unknown>(mutate, plan)) ?? "";
    return `${before}${opening}${cut ? json.slice(0, at) : json}${after}`;
  });

test(
  `any answer of a model is a plan of the contract, or refused in bounded sentences (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const read = readPlan(answer);
        if (read.ok) {
          expect(modelPlan.safeParse({ steps: read.value }).success).toBe(true);
          return;
        }
        expect(read.failure.length).toBeGreaterThan(0);
        expect(read.failure.length).toBeLessThanOrEqual(21);
        for (const sentence of read.failure) {
          expect(sentence.length).toBeLessThanOrEqual(300);
          expect(sentence.isWellFormed()).toBe(true);
        }
      }),
      runs(300),
    );
  },
);

test(
  `any prompt is a literal plan, none, or refused (seed ${String(seed)})`,
  { timeout: fuzzTimeoutMs },
  () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom("```sh", "```", "~~~python", "~~~~", "   ```", "```py`", "\t```", "\r", "echo"),
        hostileText,
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, (given) => {
        const read = planLiterally(given.join("\n"));
        if (read.ok && read.value !== null) expect(read.value.length).toBeGreaterThan(0);
      }),
      runs(200),
    );
  },
);

// Text of one form, over and over: where the work is more than linear, four times as much takes far more than four times
// as long. Processor time, as the clock also counts what the rest of the machine does.
const forms: readonly [what: string, piece: string][] = [
  ["open brackets", "["],
  ["open braces with a name", '{"a":'],
  ["brackets that close nothing", "]"],
  ["quotes", '"'],
  ["backslashes", "\\"],
  ["escaped quotes in open strings", '{"\\"'],
  ["empty objects", "{}"],
  ["objects that are no JSON", "{a}"],
  ["open objects in prose", "a { b "],
  ["objects of a plan without steps", '{"kind":"shell"}'],
  ["commas", ","],
  ["commas before brackets", "[1,]"],
  ["line breaks in strings", '{"a":"\n"}'],
  ["reasoning that never ends", "<think>"],
  ["reasoning that ends often", "<think></think>"],
  ["spaces", " "],
  ["byte order marks", "\uFEFF"],
  ["fences", "```json\n"],
  ["fences of tildes", "~~~sh\na\n"],
  ["long fences", "`"],
  ["lone surrogates", "\ud800"],
];

const cpuMs = (act: () => void) => {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

test.each(forms)("a megabyte of %s costs the reader of plans no more than a moment", (_, piece) => {
  const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
  // Quadratic work on a megabyte takes minutes.
  expect(cpuMs(() => readPlan(text))).toBeLessThan(4_000);
  expect(cpuMs(() => planLiterally(text.slice(0, 100_000)))).toBeLessThan(2_000);
});
