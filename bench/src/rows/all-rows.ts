import type { Row } from "../row.ts";
import { coldStart } from "./01-cold-start.ts";
import { warmStart } from "./02-warm-start.ts";
import { burstOfJobs } from "./03-burst.ts";
import { stepOverhead } from "./04-step-overhead.ts";
import { wholeJob } from "./05-whole-job.ts";
import { acceptRates } from "./06-accept-rate.ts";
import { queueLayer } from "./07-queue-layer.ts";
import { pickup } from "./08-pickup.ts";
import { logPath } from "./09-log-path.ts";
import { liveLag } from "./10-live-lag.ts";
import { archive } from "./11-archive.ts";
import { cancel } from "./12-cancel.ts";
import { growth } from "./13-growth.ts";
import { footprint } from "./14-footprint.ts";
import { dashboard } from "./15-dashboard.ts";

/** The table of benchmarks, in its order. */
export const allRows: readonly Row[] = [
  ...[coldStart, warmStart, burstOfJobs, stepOverhead, wholeJob, acceptRates, queueLayer],
  ...[pickup, logPath, liveLag, archive, cancel, growth, footprint, dashboard],
];
