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

interface Call<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Calls that come while a statement is under way go together with the next one, and so share its commit; one that comes
 * alone is sent at once. Where they fail together by what one of them asks for, each is asked alone, so that none of them
 * fails by another's fault. What waits is bounded by who calls: each Attempt has one call at a time.
 */
export function gatherCalls<Ask, Answer>({
  together,
  alone,
  most,
}: GatherDeps<Ask, Answer>): (ask: Ask) => Promise<Answer> {
  const waiting: Call<Ask, Answer>[] = [];
  let sending = false;

  const send = async (calls: readonly Call<Ask, Answer>[]): Promise<void> => {
    let answers: readonly (Answer | undefined)[] = [];
    try {
      answers = await together(calls.map(({ ask }) => ask));
    } catch (error) {
      // It may have got through all the same; whoever called knows what to do then.
      if (isDatabaseAway(error)) {
        for (const { reject } of calls) reject(error);
        return;
      }
    }
    for (const [place, { ask, resolve }] of calls.entries()) {
      const answer = answers[place];
      resolve(answer === undefined ? alone(ask) : answer);
    }
  };
  const sendAll = async (): Promise<void> => {
    sending = true;
    while (waiting.length > 0) await send(waiting.splice(0, most));
    sending = false;
  };
  return (ask) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ ask, resolve, reject });
      if (!sending) void sendAll();
    });
}
