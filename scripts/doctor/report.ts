import type { Finding } from "./examine.ts";

const EXAMPLES = 5;

/** What a machine gets of it (`--json`): the number of what is wrong, with examples. */
export interface Report {
  readonly healthy: boolean;
  readonly lines: readonly {
    readonly name: string;
    readonly holds: string;
    readonly wrong: number;
    /** True where there is more of it than was counted. */
    readonly more: boolean;
    readonly examples: readonly string[];
    readonly advice: string;
  }[];
  /** What --fix has done, in its order. */
  readonly mended: readonly string[];
}

/** The findings as a report. */
export function toReport(findings: readonly Finding[], mended: readonly string[]): Report {
  const lines = findings.map(({ check, holds, wrong, more }) => ({
    ...{ name: check.name, holds, wrong: wrong.length, more, advice: check.advice },
    examples: wrong.slice(0, EXAMPLES).map(({ id, what }) => `${id}: ${what}`),
  }));
  return { healthy: lines.every(({ wrong }) => wrong === 0), lines, mended };
}

/** The report for people: a line each, and below what is wrong some examples and what mends them. */
export function toTable({ healthy, lines, mended }: Report): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  const rows = lines.flatMap(({ name, holds, wrong, more, examples, advice }) => {
    const row = `${wrong === 0 ? "✓" : "✗"} ${name.padEnd(width)}  ${holds}`;
    if (wrong === 0) return [row];
    const rest = wrong - examples.length;
    return [
      `${row}; ${String(wrong)}${more ? " or more" : ""} wrong`,
      ...examples.map((example) => `    ${example}`),
      ...(rest > 0 ? [`    and ${String(rest)} more`] : []),
      `    → ${advice}`,
    ];
  });
  const done = mended.length === 0 ? [] : [`${String(mended.length)} things were done about it.`];
  const verdict = healthy ? "Nothing is wrong." : "Something is wrong: see ✗ above.";
  return `${["", ...rows, "", ...done, verdict].join("\n")}\n`;
}
