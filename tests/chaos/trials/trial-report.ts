/** The most that figures may be; what is left out is not bounded. */
export interface Bars {
  readonly p50?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** What a trial has measured, line by line, and whether it is good enough. */
export interface TrialReport {
  /** Figures of one kind. None at all is a failure where there is a bar: nothing was shown. */
  figures(name: string, unit: string, values: readonly number[], bars?: Bars): void;
  /** Something that holds or does not. */
  holds(name: string, ok: boolean, detail: string): void;
  passed(): boolean;
  toTable(): string;
}

type Row = readonly [name: string, p50: string, p99: string, max: string, n: string, verdict: string];

const heads: Row = ["figure", "p50", "p99", "max", "n", "verdict"];

export function createTrialReport(): TrialReport {
  const rows: Row[] = [heads];
  let failed = false;
  const verdict = (ok: boolean, detail: string) => {
    failed ||= !ok;
    return `${ok ? "PASS" : "FAIL"}  ${detail}`;
  };
  return {
    figures: (name, unit, values, bars = {}) => {
      const sorted = values.toSorted((a, b) => a - b);
      const found = { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
      const asked = Object.entries(bars) as [keyof Bars, number][];
      const ok = sorted.length > 0 && asked.every(([key, bar]) => found[key] <= bar);
      const told = asked.map(([key, bar]) => `${key} ≤ ${show(bar)} ${unit}`).join(", ");
      const numbers = [found.p50, found.p99, found.max].map((value) => `${show(value)} ${unit}`);
      const [p50 = "", p99 = "", max = ""] = sorted.length > 0 ? numbers : [];
      rows.push([name, p50, p99, max, String(sorted.length), asked.length === 0 ? "" : verdict(ok, told)]);
    },
    holds: (name, ok, detail) => void rows.push([name, "", "", "", "", verdict(ok, detail)]),
    passed: () => !failed,
    toTable: () => toTable(rows),
  };
}

/** By nearest rank. */
function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)] ?? 0;
}

function show(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function toTable(rows: readonly Row[]): string {
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 5
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
