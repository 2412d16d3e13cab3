import { setTimeout as pause } from "node:timers/promises";
import type { Trial, TrialContext } from "./trial.ts";
import { waitUntil } from "./wait-until.ts";

/** Messages of these are in Redis when it dies. */
const leadSeconds = 5;
const drainBoundMs = 3_600_000;
/** How many there are depends on the rate, and how fast they end on the machine: that none ends at all is a failure. */
const stillBoundMs = 120_000;
const body = {
  steps: [{ kind: "shell", command: "true" }],
  limits: { memory_mb: 64, disk_mb: 4, timeout_seconds: 60 },
};

interface Posts {
  readonly ids: string[];
  /** When it was sent, and how long its answer took. */
  readonly answers: { readonly at: number; readonly ms: number }[];
  /** What was answered other than 202. */
  readonly others: string[];
}

export const redisOutage: Trial = {
  name: "redis-outage",
  about:
    "Redis is killed (-9) for --down-seconds 60 under --rate 20 requests a second; --empty: it has lost all",
  world: { workers: 2, env: { WORKER_CONCURRENCY: "3" }, ownEngine: false, models: false },
  run: async (context) => {
    const { options, world, report, say } = context;
    const posts: Posts = { ids: [], answers: [], others: [] };
    const posting = postSteadily(posts, context);
    await pause(leadSeconds * 1_000);
    const goneAt = Date.now();
    if (options.empty) await world.redis.run("FLUSHALL");
    await world.redis.kill();
    say(`  Redis is gone, ${String(posts.ids.length)} jobs were scheduled before`);
    await pause(options.downSeconds * 1_000);
    // Before it is started: its own start counts.
    const backAt = Date.now();
    await world.redis.start();
    say(`  Redis is back after ${String(options.downSeconds)} s`);
    await posting;
    report.holds(
      "every POST is answered with 202",
      posts.others.length === 0,
      posts.others.slice(0, 3).join("; "),
    );
    const sent = (during: boolean) =>
      posts.answers.filter(({ at }) => at >= goneAt === during).map(({ ms }) => ms);
    report.figures("POST /schedule while Redis is away", "ms", sent(true), { p99: 300 });
    report.figures("  before, beside jobs that run", "ms", sent(false));
    const first = await waitUntil(() => firstStart(context, backAt), {
      ...{ what: "a job starts", boundMs: 60_000, everyMs: 50, stop: context.stop },
    });
    report.figures("Redis is back to the first start of a job", "s", [(first - backAt) / 1_000], { max: 5 });
    await drain(posts, context, backAt);
  },
};

/** A request each 1/rate s, whether those before were answered or not, until the outage is over. */
async function postSteadily(posts: Posts, { options, world, stop }: TrialContext): Promise<void> {
  const count = Math.round((leadSeconds + options.downSeconds) * options.rate);
  const begun = Date.now();
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    await pause(Math.max(0, begun + (index * 1_000) / options.rate - Date.now()), undefined, {
      signal: stop,
    });
    underWay.push(postOnce(`${world.url}/schedule`, posts));
  }
  await Promise.all(underWay);
}

async function postOnce(url: string, posts: Posts): Promise<void> {
  const at = Date.now();
  const begun = performance.now();
  try {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) };
    const response = await fetch(url, init);
    const answer = await response.text();
    posts.answers.push({ at, ms: performance.now() - begun });
    // safety: the contract's own tests hold the answers against their schemas.
    if (response.status === 202) posts.ids.push((JSON.parse(answer) as { job_id: string }).job_id);
    else posts.others.push(`${String(response.status)}: ${answer}`);
  } catch (error) {
    posts.others.push(String(error));
  }
}

async function firstStart({ world }: TrialContext, after: number): Promise<number | null> {
  const starts = (await world.database.history()).filter(
    ({ at, fromStatus, toStatus }) => at > after && fromStatus === "queued" && toStatus === "running",
  );
  return starts.at(0)?.at ?? null;
}

/** Waits until all have ended, and says how. */
async function drain(
  posts: Posts,
  { world, report, say, stop }: TrialContext,
  backAt: number,
): Promise<void> {
  let toldAt = Date.now();
  let last = { left: Number.POSITIVE_INFINITY, at: Date.now() };
  const look = async () => {
    const left = (await world.database.unfinished()).length;
    if (left < last.left) last = { left, at: Date.now() };
    if (Date.now() - last.at > stillBoundMs) throw new Error("No job has ended for two minutes.");
    if (Date.now() - toldAt > 30_000) {
      say(`  … ${String(left)} jobs to go`);
      toldAt = Date.now();
    }
    return left === 0 ? true : null;
  };
  const ended = await waitUntil(look, {
    what: "all jobs have ended",
    boundMs: drainBoundMs,
    everyMs: 500,
    stop,
  }).catch(() => false);
  const jobs = await world.database.jobs();
  const succeeded = jobs.filter(({ id, status }) => status === "succeeded" && posts.ids.includes(id)).length;
  const again = jobs.filter(({ attempt }) => attempt > 1).length;
  const seconds = (Date.now() - backAt) / 1_000;
  report.holds(
    "every job runs and succeeds",
    ended && succeeded === posts.ids.length && jobs.length === posts.ids.length,
    `${String(succeeded)} of ${String(posts.ids.length)}, ${String(again)} in a later attempt, ` +
      `${seconds.toFixed(0)} s after its return (${(jobs.length / seconds).toFixed(1)} a second)`,
  );
}
