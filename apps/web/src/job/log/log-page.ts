import type { LogLine } from "@longshore/client";
import { type LogRow, toRow, withText } from "./log-row.ts";

/** Rows that are kept and dropped together. The same lines give the same rows each time. */
export interface LogPage {
  /** The number of the event before its first line. */
  readonly after: number;
  /** Lines of which its rows were made. */
  lines: number;
  /** Null where they are in memory no more. */
  rows: LogRow[] | null;
  characters: number;
  /** When it was last looked at, by the buffer's count. */
  touched: number;
  isLoading: boolean;
  /** Whether the line belongs here, or begins the next page. */
  joins(line: LogLine, mostRows: number): boolean;
  /** Takes a line, and gives the place of the row that it is in. */
  append(line: LogLine): number;
  drop(): void;
  /** Makes the rows anew, of the lines that made them before. */
  refill(lines: readonly LogLine[]): void;
}

/** A page without rows, which begins after an event. */
export function createPage(after: number): LogPage {
  const add = (rows: LogRow[], line: LogLine): number => {
    const open = line.continued === true ? findOpen(rows, line) : -1;
    const row = rows[open];
    if (row !== undefined) {
      rows[open] = withText(row, line.text);
      return open;
    }
    rows.push(toRow(line, rows.at(-1) ?? null));
    return rows.length - 1;
  };
  const page: LogPage = {
    ...{ after, lines: 0, rows: [], characters: 0, touched: 0, isLoading: false },
    joins: (line, mostRows) =>
      page.rows !== null &&
      (page.rows.length < mostRows || (line.continued === true && findOpen(page.rows, line) >= 0)),
    append: (line) => {
      if (page.rows === null) throw new Error("a page that was dropped takes no line");
      page.lines += 1;
      page.characters += line.text.length;
      return add(page.rows, line);
    },
    drop: () => {
      page.rows = null;
    },
    refill: (lines) => {
      const rows: LogRow[] = [];
      for (const line of lines) add(rows, line);
      page.rows = rows;
    },
  };
  return page;
}

/** How many rows back the beginning of a line may lie: another stream can print between its pieces. */
const farthest = 100;

/** The row that a `continued` line goes on: the last of its stream and step. */
function findOpen(rows: readonly LogRow[], { stream, step, attempt }: LogLine): number {
  for (let place = rows.length - 1; place >= Math.max(0, rows.length - farthest); place -= 1) {
    const row = rows[place];
    if (row?.stream === stream && row.step === step && row.attempt === attempt) return place;
  }
  return -1;
}
