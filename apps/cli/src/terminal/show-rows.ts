import type { CommandContext } from "../command-context.ts";
import { printable } from "./printable.ts";
import { toTable } from "./table.ts";

/** A table on a terminal; elsewhere rows for `cut` and `awk`, without its head. */
export async function showRows(
  { screen: { out }, say }: CommandContext,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  if (!out.isTTY) {
    for (const row of cells) await say(row.join("\t"));
    return;
  }
  const [titles = "", ...lines] = toTable(head, cells, out.columns);
  await say(out.colours.dim(titles));
  for (const line of lines) await say(line);
}
