import { setTimeout as pause } from "node:timers/promises";
import { checkGone } from "../checker/check-job.ts";
import type { Random } from "../seeded-random.ts";
import type { Trial, TrialContext } from "./trial.ts";
import { waitUntil } from "./wait-until.ts";

/** Twice as many as there are places, so that some jobs are queued when their cancel comes. */
const clients = 4;
/** The cancel comes so long after the POST at most. */
const latestMs = 6_000;
const endBoundMs = 60_000;

interface Cancelled {
  readonly answer: boolean;
  readonly status: string;
  /** From the cancel to the first time that the status said `cancelled`. */
  readonly ms: number;
  readonly stage: string;
  /** Of a job that ran: from the request to its delivery, from there to the container's end, from there to the status. */
  readonly parts: readonly number[] | null;
}

export const cancels: Trial = {
  name: "cancels",
  about: "jobs are cancelled at random instants, 0 to 6 s after their POST (--count 1000)",
  // As many places as two processors carry: with more, what is measured is how long an overloaded engine takes to start
  // a container, which it finishes before it kills it.
  world: { workers: 1, env: { WORKER_CONCURRENCY: "2" }, ownEngine: false, models: false },
  run: async (context) => {
    const { options, report, random, say, world } = context;
    const count = options.count ?? 1_000;
    const all: Cancelled[] = [];
    let begun = 0;
    const client = async (own: Random) => {
      while (begun < count) {
        begun += 1;
        all.push(await cancelOne(own, context));
        if (all.length % 50 === 0) say(`  … ${String(all.length)} cancels`);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, index) => client(random.fork(String(index)))));
    const cancelled = all.filter(({ status }) => status === "cancelled");
    const { violations } = world.timeline;
    report.holds(
      "the answer is kept, the container is gone, the receipt is there",
      violations.length === 0,
      tellEnds(all),
    );
    report.figures(
      "POST /cancel to status cancelled",
      "ms",
      cancelled.map(({ ms }) => ms),
      { p99: 2_000 },
    );
    for (const stage of ["queued", "running"])
      report.figures(
        `  where the job was ${stage}`,
        "ms",
        cancelled.filter((each) => each.stage === stage).map(({ ms }) => ms),
      );
    for (const [index, part] of [
      "request to delivery",
      "delivery to container gone",
      "gone to status",
    ].entries())
      report.figures(
        `    ${part}`,
        "ms",
        cancelled.flatMap(({ parts }) => parts?.[index] ?? []),
      );
  },
};

function tellEnds(all: readonly Cancelled[]): string {
  const count = (wanted: string) => String(all.filter(({ status }) => status === wanted).length);
  return `${String(all.length)} cancels: ${count("cancelled")} cancelled, ${count("succeeded")} had succeeded`;
}

async function cancelOne(random: Random, { world, stop }: TrialContext): Promise<Cancelled> {
  const id = await world.client.schedule(drawBody(random));
  await pause(random.between(0, latestMs), undefined, { signal: stop });
  const before = await world.client.status(id);
  const begun = Date.now();
  const response = await world.client.request(`/cancel/${id}`, { method: "POST" });
  // safety: the contract's own tests hold the answers against their schemas.
  const { cancelled: answer } = (await response.json()) as { cancelled: boolean };
  const ended = async () => {
    const { status, finished_at: finishedAt } = await world.client.status(id);
    return finishedAt === null ? null : status;
  };
  const status = await waitUntil(ended, {
    ...{ what: `the end of the cancelled job ${id}`, boundMs: endBoundMs, everyMs: 20, stop },
  }).catch(() => "not ended");
  const at = Date.now();
  const broken = (invariant: number, message: string) => world.timeline.broken(invariant, id, message);
  if (response.status !== 200) broken(7, `the cancel was answered with ${String(response.status)}`);
  if (answer !== (status === "cancelled"))
    broken(7, `the cancel was answered with ${String(answer)}, it ended as ${status}`);
  if (status !== "cancelled" && status !== "succeeded") broken(6, `it ended as ${status}`);
  let parts: Cancelled["parts"] = null;
  if (status === "cancelled") {
    await checkGone(id, at, world.engine, broken);
    parts = partsOf(await checkReceipt(id, world, broken), begun, at);
  }
  return { answer, status, ms: at - begun, stage: before.status, parts };
}

function partsOf(times: readonly number[], begun: number, at: number): Cancelled["parts"] {
  const [, delivered, gone] = times;
  return delivered === undefined || gone === undefined
    ? null
    : [delivered - begun, gone - delivered, at - gone];
}

type World = TrialContext["world"];

/** A receipt is three lines of the log, or one where nothing had begun. Gives their times, in ms since 1970. */
async function checkReceipt(
  id: string,
  { client }: World,
  broken: (invariant: number, message: string) => void,
): Promise<readonly number[]> {
  const receipt = (await client.lines(id)).filter(({ text }) => text.startsWith("cancel: "));
  const lines = receipt.map(({ text }) => text);
  const [first = "", ...rest] = lines;
  const whole = first.includes("while the job was queued")
    ? rest.length === 0
    : first.startsWith("cancel: requested at ") && rest.length === 2;
  if (!whole) broken(7, `the receipt of the cancel is ${JSON.stringify(lines)}`);
  return receipt.map(({ time }) => Date.parse(time));
}

function drawBody(random: Random): object {
  const steps = Array.from({ length: random.whole(1, 3) }, () => ({
    kind: "shell",
    command: `echo begun; sleep ${random.between(0, 2).toFixed(2)}; echo done`,
  }));
  return { steps, limits: { memory_mb: 64, disk_mb: 8, timeout_seconds: 120 } };
}
