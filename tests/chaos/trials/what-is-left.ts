import { waitUntil } from "./wait-until.ts";

/** A Job's end is told before all of it is gone: so long it may take (invariant 4). */
const leftBoundMs = 30_000;

/** What `list` still gives when that time is over: nothing, as soon as it gives nothing. */
export async function whatIsLeft<Left>(
  list: () => Promise<readonly Left[]>,
  stop: AbortSignal,
): Promise<readonly Left[]> {
  const nothing = async () => ((await list()).length === 0 ? true : null);
  await waitUntil(nothing, { what: "nothing is left", boundMs: leftBoundMs, stop }).catch(() => false);
  return list();
}
