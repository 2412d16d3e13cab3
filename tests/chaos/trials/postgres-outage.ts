import { setTimeout as pause } from "node:timers/promises";
import { printingJob, readEnd } from "./printing-job.ts";
import { readProcess } from "./process-figures.ts";
import type { Trial, TrialContext } from "./trial.ts";
import { untilAllPrint } from "./until-all-print.ts";

const jobs = 8;
const job = printingJob(90, 50);
/** The same bound as for what a job may cost a worker by printing without end. */
const growthBarMb = 50;
/** An answer that was under way when the database died, or came back, may be either. */
const edgeMs = 500;

interface Answer {
  readonly what: string;
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly retryAfter: string | null;
}

export const postgresOutage: Trial = {
  name: "postgres-outage",
  about: "Postgres is killed (-9) for --down-seconds 60 while 8 jobs run and print",
  world: { workers: 2, env: { WORKER_CONCURRENCY: "4" }, ownEngine: false, models: false },
  run: async (context) => {
    const { options, world, report, say } = context;
    const ids = await Promise.all(Array.from({ length: jobs }, () => world.client.schedule(job.body)));
    await untilAllPrint(context, ids);
    await pause(5_000);
    const over = new AbortController();
    const asked = new AbortController();
    const growth = watchMemory(context, over.signal);
    const answers = askSteadily(context, ids, asked.signal);
    const goneAt = Date.now();
    say("  Postgres is killed");
    const down = world.postgres.killFor(options.downSeconds * 1_000);
    await pause(options.downSeconds * 1_000);
    const backAt = Date.now();
    asked.abort();
    await down;
    say("  Postgres is back");
    const ends = await Promise.all(ids.map((id) => readBack(context, id)));
    over.abort();
    await answers.done;
    tellAnswers(
      context,
      answers.all.filter(({ at, ms }) => at > goneAt + edgeMs && at + ms < backAt),
    );
    report.figures("growth of a worker's memory, outage and after", "MB", await growth, { max: growthBarMb });
    const wrong = ends.filter(
      ({ status, attempt, fault }) => status !== "succeeded" || attempt !== 1 || fault !== null,
    );
    report.holds(
      "all succeed in attempt 1 with every line once",
      wrong.length === 0,
      wrong
        .map(({ id, status, attempt, fault }) => `${id}: ${status} ${String(attempt)} ${fault ?? ""}`)
        .join("; "),
    );
  },
};

const endBoundMs = 240_000;

async function readBack({ world }: TrialContext, id: string) {
  const until = Date.now() + endBoundMs;
  for (;;) {
    try {
      return await readEnd(world, id, job, endBoundMs);
    } catch (error) {
      // The API notices a moment later that the database is back.
      if (Date.now() > until) throw error;
      await pause(500);
    }
  }
}

/** By how much each worker is larger than at the start, at most. */
async function watchMemory({ world }: TrialContext, over: AbortSignal): Promise<readonly number[]> {
  const first = await Promise.all(world.workers.map((worker) => readProcess(worker.pid())));
  const most = first.map(() => 0);
  while (!over.aborted) {
    for (const [index, worker] of world.workers.entries()) {
      const figures = await readProcess(worker.pid());
      const grown = (figures?.rssMb ?? 0) - (first[index]?.rssMb ?? 0);
      most[index] = Math.max(most[index] ?? 0, grown);
    }
    await pause(250, undefined, { signal: over }).catch(() => undefined);
  }
  return most;
}

/** POST /schedule and GET /status, each four times a second. */
function askSteadily({ world, stop }: TrialContext, ids: readonly string[], over: AbortSignal) {
  const all: Answer[] = [];
  const ask = async (what: string, path: string, init: RequestInit) => {
    const at = Date.now();
    try {
      const response = await fetch(`${world.url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) });
      await response.body?.cancel();
      const retryAfter = response.headers.get("retry-after");
      all.push({ ...{ what, at, retryAfter }, ms: Date.now() - at, status: response.status });
    } catch {
      all.push({ ...{ what, at, retryAfter: null }, ms: Date.now() - at, status: 0 });
    }
  };
  const body = JSON.stringify({ steps: [{ kind: "shell", command: "true" }] });
  const headers = { "content-type": "application/json" };
  const run = async () => {
    while (!over.aborted && !stop.aborted) {
      // What is accepted at the edges of the outage are jobs like any other.
      await Promise.all([
        ask("POST /schedule", "/schedule", { method: "POST", headers, body }),
        ask("GET /status", `/status/${ids[0] ?? ""}`, {}),
        pause(250),
      ]);
    }
  };
  return { all, done: run() };
}

function tellAnswers({ report }: TrialContext, during: readonly Answer[]): void {
  for (const what of ["POST /schedule", "GET /status"]) {
    const own = during.filter((answer) => answer.what === what);
    const wrong = own.filter(({ status, retryAfter }) => status !== 503 || retryAfter === null);
    const told = wrong
      .slice(0, 5)
      .map(({ status, retryAfter }) => `${String(status)} (${retryAfter ?? "no Retry-After"})`);
    report.holds(
      `${what} meanwhile is 503 with Retry-After`,
      own.length > 0 && wrong.length === 0,
      `${String(own.length)} answers, ${String(wrong.length)} other ${told.join(", ")}`,
    );
    report.figures(
      `${what} meanwhile`,
      "ms",
      own.map(({ ms }) => ms),
    );
  }
}
