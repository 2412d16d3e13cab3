import { createGatherer } from "../runtime/gather.ts";
import { isDatabaseAway } from "./database-away.ts";

export interface GatherDeps<Ask, Answer> {
  /**
   * One statement for all of these. Gives their answers in the same order, `undefined` for each that it leaves out. It
   * waits for no row that somebody else holds: who asks for others would wait, too.
   */
  readonly together: (asks: readonly Ask[]) => Promise<readonly (Answer | undefined)[]>;
  /** What is asked for each that was left out. */
  readonly alone: (ask: Ask) => Promise<Answer>;
  /** That one statement is asked for at most. */
  readonly most: number;
}

/** In ms; a statement that takes longer has met a lost connection or a sick server. What comes after it goes by another. */
const overdueMs = 1_000;

/**
 * Calls that come while a statement is under way go together with the next one (`createGatherer`), and so share its
 * commit. None waits for a statement that hangs, but those that it is for. Where they fail together by what one of them asks for, each is asked alone, so that none of them fails by
 * another's fault. What waits is bounded by who calls: each Attempt has one call at a time.
 */
export function gatherCalls<Ask, Answer>({
  together,
  alone,
  most,
}: GatherDeps<Ask, Answer>): (ask: Ask) => Promise<Answer> {
  const perform = async (asks: readonly Ask[]): Promise<readonly (Answer | Promise<Answer>)[]> => {
    const answers = await together(asks).catch((error: unknown) => {
      // It may have got through all the same; whoever called knows what to do then.
      if (isDatabaseAway(error)) throw error;
      return [];
    });
    return asks.map((ask, place) => {
      const answer = answers[place];
      return answer === undefined ? alone(ask) : answer;
    });
  };
  return createGatherer<Ask, Answer>({ perform, most, overdueMs });
}
