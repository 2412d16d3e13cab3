import { expect, test } from "vitest";
import type { Check, Suspect } from "./check.ts";
import { examine } from "./examine.ts";
import { toReport, toTable } from "./report.ts";

const told = { onLook: () => undefined, stop: new AbortController().signal, secondLookMs: 10 };

/** A check that sees one list of things at its first look and another at its second. */
function checkOf(name: string, ...looks: (readonly string[])[]): Check & { readonly looked: () => number } {
  let looked = 0;
  return {
    ...{ name, advice: "do something", looked: () => looked },
    look: () => {
      const suspects = (looks[looked] ?? []).map((id): Suspect => ({ id, what: "odd" }));
      looked += 1;
      return Promise.resolve({ holds: `${String(suspects.length)} things`, suspects });
    },
  };
}

test("only what looks wrong twice is wrong, and what looks well is not looked at again", async () => {
  const well = checkOf("well", []);
  const busy = checkOf("busy", ["in flight"], ["in flight too"]);
  const ill = checkOf("ill", ["passing", "staying"], ["staying", "new"]);
  const findings = await examine([well, busy, ill], told);
  expect(findings.map(({ wrong }) => wrong.map(({ id }) => id))).toEqual([[], [], ["staying"]]);
  expect([well, busy, ill].map(({ looked }) => looked())).toEqual([1, 2, 2]);
});

test("the table tells all that there is, up to five examples of what is wrong, and what mends it", async () => {
  const many = Array.from({ length: 7 }, (_, index) => `thing ${String(index)}`);
  const report = toReport(await examine([checkOf("well", []), checkOf("ill", many, many)], told), []);
  expect(toTable(report)).toBe(`
✓ well  0 things
✗ ill   7 things; 7 wrong
    thing 0: odd
    thing 1: odd
    thing 2: odd
    thing 3: odd
    thing 4: odd
    and 2 more
    → do something

Something is wrong: see ✗ above.
`);
});

test("a command that is asked to stop does not wait for the second look", async () => {
  const stop = new AbortController();
  const looking = examine([checkOf("ill", ["a"], ["a"])], { onLook: () => stop.abort(), stop: stop.signal });
  await expect(looking).rejects.toThrow("aborted");
});
