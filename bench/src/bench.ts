import type { Turns } from "./measure/take-turns.ts";
import type { Service } from "./world/open-service.ts";
import type { PlainEngine } from "./world/plain-engine.ts";
import type { ServiceOptions, SharedServiceName } from "./world/service-options.ts";

/** What a row has at hand. */
export interface Bench {
  readonly isQuick: boolean;
  /** So many turns in a whole run, so many in a quick one; and before them `warmUps`, one if left out, that are not counted. */
  turns(whole: number, quick: number, warmUps?: number): Turns;
  readonly stop: AbortSignal;
  readonly engine: PlainEngine;
  /** The agent's image, of which plain containers are made as well. */
  readonly image: string;
  /** A server whose commits are on the disk; `createDatabase` makes databases on it. */
  readonly postgresUrl: string;
  /** One that the row says it measures. */
  service(name: SharedServiceName): Service;
  /** One of the row's own, which it closes. */
  open(options: ServiceOptions): Promise<Service>;
  /** For files of the row's own; gone after the row. */
  readonly folder: string;
  /** The folder of package.json. */
  readonly root: string;
}
