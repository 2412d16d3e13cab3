import { useDeferredValue, useMemo, useState } from "react";
import { findRows, type FoundRows } from "./find-rows.ts";
import type { LogBuffer } from "./log-buffer.ts";

export interface LogSearch {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Null where nothing is looked for. */
  readonly found: FoundRows | null;
  /** Which of those that were found is in view, counted from 0; null before the first was gone to. */
  readonly current: number | null;
  /** Goes to the next (1) or the one before (-1), round the ends, and gives its place. */
  readonly step: (by: 1 | -1) => number | null;
}

/** While a log grows it is searched anew for each so many rows, and not for each line. */
const grainRows = 500;

/** Looking for a text in the rows of a log that are shown. */
export function useLogSearch(
  buffer: LogBuffer,
  range: { readonly from: number; readonly to: number },
): LogSearch {
  const [text, setText] = useState("");
  const [current, setCurrent] = useState<number | null>(null);
  const wanted = useDeferredValue(text);
  const { from } = range;
  const to = range.to - from < 5_000 ? range.to : range.to - (range.to % grainRows);
  const found = useMemo(
    () => (wanted === "" ? null : findRows(buffer, { from, to }, wanted)),
    [buffer, from, to, wanted],
  );
  const step = (by: 1 | -1) => {
    const places = found?.places ?? [];
    if (places.length === 0) return null;
    const next = current === null ? (by === 1 ? 0 : places.length - 1) : current + by;
    const at = (next + places.length) % places.length;
    setCurrent(at);
    return places[at] ?? null;
  };
  const change = (next: string) => {
    setText(next);
    setCurrent(null);
  };
  return { text, setText: change, found, current, step };
}
