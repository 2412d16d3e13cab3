/** Columns for people, each as wide as its widest cell; the last one is cut off where the terminal ends. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => Array.from(row[column] ?? "").length)));
  return all.map((row) => {
    const line = row.map(
      (cell, column) => cell + " ".repeat((widths[column] ?? 0) - Array.from(cell).length),
    );
    return cutTo(line.join("  ").trimEnd(), columns);
  });
}

/** The text in so many characters, with an ellipsis where something of it is left out. */
export function cutTo(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}
