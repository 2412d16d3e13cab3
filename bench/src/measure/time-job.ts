import type { TimingsView } from "@longshore/shared/contracts/job-view";
import type { Service } from "../world/open-service.ts";

/** When a client saw what happened to its Job, in ms from the start of its POST. Null for what did not happen. */
export interface JobTimes {
  readonly id: string;
  readonly accepted: number;
  /** The first Event of a worker. */
  readonly running: number | null;
  readonly firstStep: number | null;
  readonly firstLine: number | null;
  /** The last time that a Step was told to have ended. */
  readonly lastStep: number | null;
  readonly ended: number;
}

/** With where the service itself says that the time went. */
export interface LoneJobTimes extends JobTimes {
  readonly timings: TimingsView;
}

/** Schedules a Job, follows its Events to their end, and says when what came. Throws where it did not succeed. */
export async function timeJob({ client }: Pick<Service, "client">, body: object): Promise<JobTimes> {
  const began = performance.now();
  const sinceBegan = () => performance.now() - began;
  const id = await client.schedule(body);
  const accepted = sinceBegan();
  const seen: Record<"running" | "firstStep" | "firstLine" | "lastStep", number | null> = {
    ...{ running: null, firstStep: null, firstLine: null, lastStep: null },
  };
  for await (const { event, data } of client.events(id)) {
    if (event === "state" && data["status"] === "running") seen.running ??= sinceBegan();
    if (event === "log" && data["stream"] === "stdout") seen.firstLine ??= sinceBegan();
    if (event === "step") {
      seen.firstStep ??= sinceBegan();
      seen.lastStep = sinceBegan();
    }
    if (event !== "end") continue;
    if (data["status"] !== "succeeded") throw new Error(`job ${id} ended: ${JSON.stringify(data)}`);
    return { ...seen, id, accepted, ended: sinceBegan() };
  }
  throw new Error(`the events of job ${id} broke off`);
}

/**
 * As `timeJob`, of a Job that has the service for itself, from its start until nothing of it is left. Throws also where it
 * was given no warm Sandbox though there was a full pool: its times would be those of a cold one.
 */
export async function timeLoneJob(service: Service, body: object): Promise<LoneJobTimes> {
  const times = await timeJob(service, body);
  await service.quiet();
  const { sandbox, timings_ms: timings } = await service.client.status(times.id);
  const isWarm = sandbox?.warm === true;
  if (isWarm !== service.hasPool) throw new Error(`job ${times.id} ${isWarm ? "was" : "was not"} warm`);
  return { ...times, timings };
}

/** What a Job is known to have done. */
export function happened(ms: number | null): number {
  if (ms === null) throw new Error("the job has ended without what was to be timed");
  return ms;
}

/** A Job of one Step that prints one line. */
export const echo = { steps: [{ kind: "shell", command: "echo hello" }] };
