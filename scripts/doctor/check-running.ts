import { listRunning, type RunningJob } from "@longshore/shared/db/ledger/list-running";
import type { Sql } from "@longshore/shared/db/connect-database";
import { type Check, counted, lasting, pageSize, type Suspect, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

// Sweeps look every 2 s; after the database was away they wait for a whole Lease more.
const EXPIRED_SECONDS = 30;
// Workers of another engine take over only when the container there must have ended by itself.
const ELSEWHERE_SECONDS = 255;
// From the Lease to the container, with an engine that is busy.
const STARTING_SECONDS = 60;

/** Leases, live and run out. */
export function checkLeases(ledger: Pick<Ledger, "sql" | "engine" | "leaseSeconds">): Check {
  const { sql, engine } = ledger;
  const isLeft = ({ leaseSeconds, engineId }: RunningJob) => {
    const isHere = engineId === null || engineId === engine.id;
    return -leaseSeconds > ledger.leaseSeconds + (isHere ? EXPIRED_SECONDS : ELSEWHERE_SECONDS);
  };
  return {
    name: "leases",
    advice: "start a worker: it takes them over",
    look: async () => {
      let live = 0;
      let expired = 0;
      const suspects: Suspect[] = [];
      for await (const job of allRunning(sql)) {
        if (job.leaseSeconds > 0) live += 1;
        else expired += 1;
        if (isLeft(job) && suspects.length < suspectLimit)
          suspects.push({
            id: `${job.jobId} attempt ${String(job.attempt)}`,
            what: `its lease ran out ${lasting(-job.leaseSeconds)} ago, and nobody takes over`,
          });
      }
      return { holds: `${String(live)} live, ${String(expired)} expired`, suspects };
    },
  };
}

/** Running Jobs by their containers: each has one, and no more than one. */
export function checkRunning({ sql, engine }: Pick<Ledger, "sql" | "engine">): Check {
  return {
    name: "running jobs",
    advice: "their worker sees it and tries again; if it does not, restart that worker",
    look: async () => {
      const suspects: Suspect[] = [];
      let here = 0;
      let elsewhere = 0;
      const jobs: RunningJob[] = [];
      for await (const job of allRunning(sql)) if (jobs.length < suspectLimit * 10) jobs.push(job);
      const containers = new Map<string, number>();
      for (const { owner, running } of await engine.list()) {
        if (owner === null || !running) continue;
        const id = `${owner.jobId} attempt ${String(owner.attempt)}`;
        containers.set(id, (containers.get(id) ?? 0) + 1);
      }
      for (const job of jobs) {
        const id = `${job.jobId} attempt ${String(job.attempt)}`;
        const count = containers.get(id) ?? 0;
        if (job.engineId !== null && job.engineId !== engine.id) elsewhere += 1;
        else here += 1;
        const wrong = judge(job, count, engine.id);
        if (wrong !== null && suspects.length < suspectLimit) suspects.push({ id, what: wrong });
      }
      const others = elsewhere === 0 ? "" : `, ${String(elsewhere)} on another engine (not looked at)`;
      return { holds: `${counted(here, "job")}${others}`, suspects };
    },
  };
}

function judge(job: RunningJob, containers: number, engineId: string): string | null {
  if (containers > 1) return `${String(containers)} containers of it run at once`;
  if (job.engineId !== null && job.engineId !== engineId) return null;
  if (containers === 1 || job.ending || job.leaseSeconds <= 0 || job.runningSeconds < STARTING_SECONDS)
    return null;
  return `has had no running container for long, ${lasting(job.runningSeconds)} after its start`;
}

async function* allRunning(sql: Sql): AsyncGenerator<RunningJob> {
  for (let after = ""; ;) {
    const page = await listRunning(sql, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.jobId;
  }
}
