import type { LogBuffer } from "./log-buffer.ts";
import { plainText } from "./terminal-line.ts";

export interface FoundRows {
  /** Places of rows that have the text, in order. */
  readonly places: readonly number[];
  /** True where there are more than are told. */
  readonly isMore: boolean;
  /** Rows that are not in memory, and were not looked at. */
  readonly unseen: number;
}

const mostFound = 10_000;

/** Rows from `from` up to `to` that have the text, whatever its case; those that are in memory. */
export function findRows(
  buffer: Pick<LogBuffer, "peek">,
  range: { readonly from: number; readonly to: number },
  text: string,
): FoundRows {
  const wanted = text.toLowerCase();
  const places: number[] = [];
  let unseen = 0;
  for (let place = range.from; place < range.to && places.length <= mostFound; place += 1) {
    const row = buffer.peek(place);
    if (row === null) unseen += 1;
    else if (plainText(row.text, row.before).toLowerCase().includes(wanted)) places.push(place);
  }
  return { places: places.slice(0, mostFound), isMore: places.length > mostFound, unseen };
}
