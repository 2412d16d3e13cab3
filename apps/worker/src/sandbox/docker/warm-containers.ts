import { randomUUID } from "node:crypto";
import { createWarmDemand } from "../warm-demand.ts";
import type { WarmEvent } from "../warm-event.ts";
import type { Calm } from "../when-calm.ts";
import { createWarmPool, type WarmPool } from "../warm-pool.ts";
import type { RepeatWhileAway } from "./engine-away.ts";
import type { Engine } from "./engine.ts";
import { fitWarm } from "./fit-warm.ts";
import { discard } from "./hand-over.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxShape, type SandboxLimits } from "./sandbox-bounds.ts";
import { sandboxUid, warmName } from "./sandbox-name.ts";
import type { RunningContainer, SandboxLogger, StartContainer } from "./start-container.ts";

/** Which Sandboxes are kept started for Jobs that are still to come. */
export interface WarmSettings {
  /** How many always; 0 for none at all. */
  readonly size: number;
  /** How many at most, when many Jobs came at once lately; `size` where that is more, or this is left out. */
  readonly most?: number;
  /** What Jobs that do not say otherwise have. */
  readonly limits: SandboxLimits;
  readonly count?: (event: WarmEvent) => void;
  /** When what was taken is made anew, see WarmPoolDeps. */
  readonly calm?: Calm;
}

export interface WarmContainersDeps {
  readonly engine: Engine;
  readonly runtime: string;
  readonly startContainer: StartContainer;
  readonly repeatWhileAway: (signal: AbortSignal) => RepeatWhileAway;
  readonly logger: SandboxLogger;
}

/** The warm pool, of containers. */
export function warmContainers(
  deps: WarmContainersDeps,
  { size, most = size, limits: usual, count = () => undefined, calm }: WarmSettings,
): WarmPool<RunningContainer> {
  const { engine, startContainer, repeatWhileAway, logger } = deps;
  const traits = runtimeTraits(deps.runtime);
  const shapeOf = (limits: SandboxLimits): string => sandboxShape(limits, traits);
  const now = (): number => performance.now();
  return createWarmPool({
    ...{ logger, count, ...(calm === undefined ? {} : { calm }) },
    demand: createWarmDemand({ size, most: Math.max(size, most), usual, shapeOf, now }),
    make(limits, signal) {
      const name = warmName(randomUUID());
      return startContainer(
        { name, uid: sandboxUid(name), limits, spare: true },
        signal,
        repeatWhileAway(signal),
      );
    },
    fit: (container, limits, signal) => fitWarm(deps, container, limits, signal),
    ended: ({ connection }) => connection.ended,
    discard: (container) => discard(engine, container),
  });
}
