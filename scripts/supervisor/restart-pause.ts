const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** The pause before a part that died `deaths` times in a row (at least 1) is started again, in ms. */
export function restartPause(deaths: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS);
}
