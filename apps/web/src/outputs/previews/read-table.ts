import Papa from "papaparse";

export interface ReadTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns beyond those that are shown. */
  readonly hiddenColumns: number;
  /** True where there are more rows than were read. */
  readonly isMore: boolean;
}

export const mostRows = 5_000;
export const mostColumns = 60;
const longestCell = 500;

/** A table of text by commas, tabs or what else divides it; the first row is its head. */
export function readTable(text: string, isWhole: boolean): ReadTable {
  // One more than is shown tells that there are more.
  const { data } = Papa.parse<string[]>(text, { preview: mostRows + 2, skipEmptyLines: true });
  // Where the file was cut, its last row may be half a row.
  const read = isWhole || data.length > mostRows + 1 ? data : data.slice(0, -1);
  const [head = [], ...rows] = read;
  const widest = read.reduce((most, row) => Math.max(most, row.length), 0);
  const cut = (row: readonly string[]) => row.slice(0, mostColumns).map(shorten);
  return {
    head: cut(head),
    rows: rows.slice(0, mostRows).map(cut),
    hiddenColumns: Math.max(0, widest - mostColumns),
    isMore: !isWhole || rows.length > mostRows,
  };
}

const shorten = (cell: string) => (cell.length > longestCell ? `${cell.slice(0, longestCell)} …` : cell);
