import type { ComponentStates } from "@longshore/shared/runtime/component-states";
import type { Logger } from "@longshore/shared/runtime/logger";
import { checkReadiness, type CheckReadinessDeps } from "./use-cases/check-readiness.ts";

export interface WatchComponentsDeps extends CheckReadinessDeps {
  readonly states: ComponentStates;
  readonly logger: Logger;
  /** In ms; 3 s where left out. */
  readonly everyMs?: number;
}

const knownWithoutDatabase: ReadonlySet<string> = new Set(["database", "queue", "storage"]);

/** Looks at all components again and again, so that log and metrics tell of them whether or not somebody asks /ready. Gives what ends it. */
export function watchComponents({
  states,
  logger,
  everyMs = 3_000,
  ...deps
}: WatchComponentsDeps): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const look = async (): Promise<void> => {
    const began = performance.now();
    try {
      const { components } = await checkReadiness(deps);
      for (const [component, state] of Object.entries(components)) {
        // What only the database tells of is as it was while that is away.
        const isKnown = components.database.state !== "away" || knownWithoutDatabase.has(component);
        if (isKnown && !isEnded()) states.report(component, state, began);
      }
    } catch (error) {
      logger.error({ err: error }, "the components could not be looked at");
    }
    if (!isEnded()) timer = setTimeout(() => void look(), everyMs);
  };
  // The compiler does not see that `ended` changes while it waits.
  const isEnded = () => ended;
  // Not at once: what is started together with this is to have a moment to come up.
  timer = setTimeout(() => void look(), everyMs);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
