import { toTable } from "../../../scripts/keys/table.ts";
import { type Bar, describeBar } from "../figures/bar.ts";
import type { Figure } from "../figures/figure.ts";
import type { RowResult } from "./row-result.ts";
import { toText } from "./to-text.ts";

const head = ["#", "what", "unit", "n", "p50", "p95", "p99", "peer", "its p50", "ratio (95 %)", "bar"];

/** The table that the command ends with: a line for each figure, with ✓ or ✗ where something was held against a bar. */
export function resultsTable(results: readonly RowResult[]): string {
  const lines = results.flatMap(({ number, name, failure, figures }) =>
    failure === null
      ? figures.map((figure) => [String(number), ...figureCells(figure)])
      : [[String(number), `✗ ${name}: ${failure.split("\n")[0] ?? ""}`]],
  );
  return toTable(head, lines);
}

function figureCells({ name, unit, own, peer, ratio, bars, note }: Figure): readonly string[] {
  const measured = own === null ? [] : [String(own.n), toText(own.p50), toText(own.p95), toText(own.p99)];
  const missing = ["–", note ?? "", "", ""];
  const spread = ratio === null ? "" : `${toText(ratio.median)} (${toText(ratio.low)}–${toText(ratio.high)})`;
  const beside = peer === null ? ["", ""] : [peer.name, toText(peer.p50)];
  return [name, unit, ...(own === null ? missing : measured), ...beside, spread, bars.map(judged).join("; ")];
}

function judged(bar: Bar & { readonly reached: boolean | null }): string {
  if (bar.reached === null) return describeBar(bar);
  return `${describeBar(bar)} ${bar.reached ? "✓" : "✗"}`;
}
