import { setImmediate as endOfTurn } from "node:timers/promises";
import type { EventRow } from "@longshore/shared/db/read-events";
import type { ReadEvents } from "../use-cases/read-log-page.ts";

type Page = readonly EventRow[];

/**
 * Those who ask for the same page of a Job's Events at once get the answer of one query, so that new lines cost one
 * query, however many follow them. No answer was read before it was asked for, as a reader asks because it heard of
 * something new: who comes while a query is under way shares the next one with all who come meanwhile.
 */
export function shareReads(readEvents: ReadEvents): ReadEvents {
  const unsent = new Map<string, Promise<Page>>();
  const underWay = new Map<string, Promise<unknown>>();

  const readAfter = async (
    before: Promise<unknown>,
    key: string,
    ask: () => Promise<Page>,
  ): Promise<Page> => {
    await before;
    unsent.delete(key);
    const answer = ask();
    const over = answer.then(
      () => undefined,
      () => undefined,
    );
    underWay.set(key, over);
    try {
      return await answer;
    } finally {
      if (underWay.get(key) === over) underWay.delete(key);
    }
  };
  return (jobId, page, only) => {
    const key = JSON.stringify([jobId, page, only]);
    const there = unsent.get(key);
    if (there !== undefined) return there;
    // One signal wakes its readers one after the other, all within this turn.
    const before = underWay.get(key) ?? endOfTurn();
    const answer = readAfter(before, key, () => readEvents(jobId, page, only));
    unsent.set(key, answer);
    return answer;
  };
}
