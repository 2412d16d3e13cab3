import { parseSync, Visitor } from "oxc-parser";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { hostileTexts } from "./hostile-texts.ts";
import { isTest, readSources } from "./source-files.ts";

/** Patterns that are made at run time, by file: one as it comes out. */
const madeAtRunTime: Readonly<Record<string, RegExp>> = {
  "apps/api/src/middleware/allowed-methods.ts": /^\/ui(?:\/.*)?$/,
  "apps/worker/src/models/fenced-blocks.ts": /^ {0,3}`{3,}[ \t]*$/,
  "packages/shared/src/domain/api-key.ts": /^lsk_[a-z2-7]{8}_[A-Za-z0-9_-]{43}$/,
  "packages/shared/src/queue/check-redis.ts": /^maxmemory_policy:(.*?)\r?$/m,
};

/** Patterns that are slow on long text, with the longest that they can meet, in characters, and why. */
const metByShortText: Readonly<Record<string, number>> = {
  // A field of a tar's header has 12 bytes.
  "/^ *([0-7]*)[ \\0]*$/": 12,
};

/** Half of what a prompt may have: what takes quadratic time takes a second for it. */
const longest = 50_000;
/** Of a processor, not of a clock: a hundred times what a linear pattern takes, and a fraction of what any other does. */
const limitMs = 300;

interface FoundPattern {
  readonly pattern: RegExp;
  readonly path: string;
}

const product = readSources("ts", "tsx").filter(
  ({ path }) => /^(apps|packages|agent-image)\//.test(path) && !isTest(path) && !path.endsWith(".testkit.ts"),
);
const literals: FoundPattern[] = [];
const makers = new Set<string>();
for (const { path, text } of product) {
  const noteMaker = (callee: { readonly type: string; readonly name?: unknown }) => {
    if (callee.type === "Identifier" && callee.name === "RegExp") makers.add(path);
  };
  new Visitor({
    Literal: (node) => {
      if ("regex" in node) literals.push({ path, pattern: new RegExp(node.regex.pattern, node.regex.flags) });
    },
    NewExpression: ({ callee }) => noteMaker(callee),
    CallExpression: ({ callee }) => noteMaker(callee),
  }).visit(parseSync(path, text).program);
}
const made = Object.entries(madeAtRunTime).map(([path, pattern]): FoundPattern => ({ path, pattern }));
const patterns = new Map([...literals, ...made].map((found) => [String(found.pattern), found]));

test("each file that makes patterns at run time has one here to be tried", () => {
  expect([...makers].toSorted()).toEqual(Object.keys(madeAtRunTime).toSorted());
});

test("each pattern that may be slow is one that there is", () => {
  expect(patterns.size).toBeGreaterThan(100);
  expect(Object.keys(metByShortText).filter((pattern) => !patterns.has(pattern))).toEqual([]);
});

describe("no text that is made to be slow is slow for", () => {
  test.each([...patterns])("%s", { timeout: 120_000 }, (name, { pattern, path }) => {
    const slow = hostileTexts(pattern, metByShortText[name] ?? longest).find(({ text }) =>
      isSlow(pattern, text),
    );
    expect(slow === undefined ? null : `${path}: ${slow.what}`).toBeNull();
  });
});

describe("it would be noticed that a pattern takes", () => {
  test.each([
    ["quadratic time", /[0-9a-f-]+\S*x/],
    ["quadratic time at the end of a text", /\s+$/],
    ["quadratic time at the end of a line", /%.*$/],
    ["exponential time", /^(?:a|a)*$/],
    ["exponential time behind a beginning", /^key: (\w+\s?)*$/],
  ])("%s", { timeout: 120_000 }, (_, pattern) => {
    expect(hostileTexts(pattern, longest).some(({ text }) => isSlow(pattern, text))).toBe(true);
  });
});

/** One for all, as each costs more than the use of a pattern. */
const place: { text: string; pattern: RegExp } = { text: "", pattern: /./ };
const context = createContext(place);

/** Uses the pattern once, as its flags say that it is used; a text that takes over the limit is left. */
function isSlow(pattern: RegExp, text: string): boolean {
  Object.assign(place, { text, pattern });
  const use = pattern.global ? "text.replace(pattern, '')" : "pattern.test(text)";
  // On a busy machine the time may be over, and hardly any of it was ours: then it has more.
  for (let timeout = 2 * limitMs; ; timeout *= 4) {
    const before = process.threadCpuUsage();
    try {
      runInContext(use, context, { timeout });
      return false;
    } catch (error) {
      // It is an error of the other context, whose class is not ours.
      if (!String(error).includes("execution timed out")) throw error;
      if (process.threadCpuUsage(before).user / 1_000 > limitMs) return true;
    }
  }
}
