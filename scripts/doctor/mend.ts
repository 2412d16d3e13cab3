import type { Check } from "./check.ts";
import { examine, type ExamineOptions, type Finding } from "./examine.ts";

// Each round mends up to a thousand things of each kind.
const MOST_ROUNDS = 50;
// What could not be mended once may be mended at the next try: the queue was just not connected.
const MOST_VAIN_ROUNDS = 2;

export interface MendOptions extends ExamineOptions {
  /** Told each thing that was done, or could not be. */
  readonly onMended: (what: string) => void;
}

/** Mends what can be mended and looks again, until nothing is wrong or a round changes nothing. Gives what is still wrong. */
export async function mendAll(checks: readonly Check[], options: MendOptions): Promise<readonly Finding[]> {
  let findings = await examine(checks, options);
  let before = "";
  let vain = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const mendable = findings.flatMap(({ wrong }) => wrong.filter(({ mend }) => mend !== undefined));
    const now = mendable.map(({ id }) => id).join();
    vain = now === before ? vain + 1 : 0;
    if (mendable.length === 0 || vain >= MOST_VAIN_ROUNDS) break;
    before = now;
    for (const { id, mend } of mendable) {
      options.stop.throwIfAborted();
      if (mend === undefined) continue;
      try {
        options.onMended(await mend());
      } catch (error) {
        options.onMended(
          `${id} could not be mended: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    findings = await examine(checks, options);
  }
  return findings;
}
