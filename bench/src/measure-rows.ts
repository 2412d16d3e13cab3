import { type RowOutcome, type RowResult, type RunFacts, toRowResult } from "./report/row-result.ts";
import type { Row } from "./row.ts";

export interface RowsRun {
  readonly run: RunFacts;
  readonly stop: AbortSignal;
  readonly measure: (row: Row) => Promise<RowOutcome>;
  /** Is given each result before the next row begins: what comes afterwards, a stop among it, takes it from nobody. */
  readonly keep: (result: RowResult) => Promise<void>;
}

/** Measures the rows one after the other; a stop is thrown. */
export async function measureRows(
  rows: readonly Row[],
  { run, stop, measure, keep }: RowsRun,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const row of rows) {
    stop.throwIfAborted();
    const result = toRowResult(row, run, await measure(row));
    await keep(result);
    results.push(result);
  }
  return results;
}
