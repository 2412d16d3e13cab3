import type { ComponentState } from "../db/worker-report.ts";
import type { Logger } from "./logger.ts";

/** How what this process depends on is. Its one owner: who notices something reports it here and logs nothing. */
export interface ComponentStates {
  /** Takes how a component is now. A change of its state, not of its reason alone, is one line of the log. */
  report(component: string, now: ComponentState): void;
  /** True where it was last said to be away. */
  isAway(component: string): boolean;
  /** Each component's state as a number, for a gauge: 0 away, 1 degraded, 2 ok. */
  levels(): ReadonlyMap<string, number>;
}

const levelOf: Readonly<Record<ComponentState["state"], number>> = { away: 0, degraded: 1, ok: 2 };

/** Nothing is known yet. `toldElsewhere` are components whose changes somebody else logs already. */
export function createComponentStates(
  logger: Logger,
  toldElsewhere: readonly string[] = [],
): ComponentStates {
  const known = new Map<string, ComponentState>();
  return {
    report: (component, now) => {
      const before = known.get(component)?.state ?? "ok";
      known.set(component, now);
      if (before === now.state || toldElsewhere.includes(component)) return;
      const { state, reason } = now;
      if (state === "ok") logger.info({ component, state }, `${component}: well again`);
      else logger.warn({ component, state, reason }, `${component}: ${state}`);
    },
    isAway: (component) => known.get(component)?.state === "away",
    levels: () => new Map([...known].map(([component, { state }]) => [component, levelOf[state]])),
  };
}
