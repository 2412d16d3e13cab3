import { setTimeout as pause } from "node:timers/promises";
import type { Check, Look, Suspect } from "./check.ts";
import { suspectLimit } from "./check.ts";

/** What a check came to. */
export interface Finding {
  readonly check: Check;
  readonly holds: string;
  /** What looked wrong twice. */
  readonly wrong: readonly Suspect[];
  /** True where there may be more of it than is in `wrong`. */
  readonly more: boolean;
}

export interface ExamineOptions {
  /** Told what is looked at next. */
  readonly onLook: (check: Check) => void;
  readonly stop: AbortSignal;
  /** From the first look to the second, in milliseconds (6,000). */
  readonly secondLookMs?: number;
}

// Longer than any sweep waits between two rounds (5 s): what a worker was about to do is done by the second look.
const SECOND_LOOK_MS = 6_000;

/**
 * Looks at everything, and some seconds later once more at what looked wrong: a service that is at work always has
 * something that is half done. Rejects as the checks do; with the reason of `stop` where that aborts.
 */
export async function examine(
  checks: readonly Check[],
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const looks = await lookAt(checks, options);
  const suspicious = checks.filter((check) => (looks.get(check)?.suspects.length ?? 0) > 0);
  const { stop, secondLookMs = SECOND_LOOK_MS } = options;
  if (suspicious.length > 0) await pause(secondLookMs, undefined, { signal: stop });
  const second = await lookAt(suspicious, options);
  return checks.map((check) => {
    const first = looks.get(check);
    const { holds, suspects } = second.get(check) ?? { holds: first?.holds ?? "", suspects: [] };
    const before = new Set(first?.suspects.map(({ id }) => id));
    const wrong = suspects.filter(({ id }) => before.has(id));
    return { check, holds, wrong, more: suspects.length >= suspectLimit };
  });
}

async function lookAt(
  checks: readonly Check[],
  { onLook, stop }: ExamineOptions,
): Promise<ReadonlyMap<Check, Look>> {
  const looks = new Map<Check, Look>();
  for (const check of checks) {
    stop.throwIfAborted();
    onLook(check);
    looks.set(check, await check.look());
  }
  return looks;
}
