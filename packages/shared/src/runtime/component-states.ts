import type { ComponentState } from "../db/worker-report.ts";
import type { Logger } from "./logger.ts";

/**
 * How what this process depends on is. Its one owner: who notices something reports it here and logs nothing. `began` is
 * when that began which noticed it, in ms of performance.now(): what has failed may have waited since an outage that is
 * over.
 */
export interface ComponentStates {
  /**
   * Takes how a component was found. Trouble of what began before the component was last found well is no news, and is
   * not taken. A change of its state, not of its reason alone, is one line of the log.
   */
  report(component: string, found: ComponentState, began: number): void;
  /** True where it was said to be away at any time since `began`. */
  wasAwaySince(component: string, began: number): boolean;
  /** Each component's state as a number, for a gauge: 0 away, 1 degraded, 2 ok. */
  levels(): ReadonlyMap<string, number>;
}

/** What is known of one; times as above, -Infinity where it was never so. */
interface Known {
  readonly state: ComponentState["state"];
  readonly lastWellAt: number;
  /** When it was last found to be away no more. */
  readonly backAt: number;
}

const nothingYet: Known = {
  state: "ok",
  lastWellAt: Number.NEGATIVE_INFINITY,
  backAt: Number.NEGATIVE_INFINITY,
};
const levelOf: Readonly<Record<ComponentState["state"], number>> = { away: 0, degraded: 1, ok: 2 };

/** Nothing is known yet. `toldElsewhere` are components whose changes somebody else logs already; `now` is a clock in ms. */
export function createComponentStates(
  logger: Logger,
  toldElsewhere: readonly string[] = [],
  now: () => number = () => performance.now(),
): ComponentStates {
  const known = new Map<string, Known>();
  const read = (component: string): Known => known.get(component) ?? nothingYet;
  return {
    report: (component, { state, reason }, began) => {
      const before = read(component);
      if (state !== "ok" && began <= before.lastWellAt) return;
      const at = now();
      known.set(component, {
        state,
        lastWellAt: state === "ok" ? at : before.lastWellAt,
        backAt: before.state === "away" && state !== "away" ? at : before.backAt,
      });
      if (before.state === state || toldElsewhere.includes(component)) return;
      if (state === "ok") logger.info({ component, state }, `${component}: well again`);
      else logger.warn({ component, state, reason }, `${component}: ${state}`);
    },
    wasAwaySince: (component, began) => {
      const { state, backAt } = read(component);
      return state === "away" || began <= backAt;
    },
    levels: () => new Map([...known].map(([component, { state }]) => [component, levelOf[state]])),
  };
}
