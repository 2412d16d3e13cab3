import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { digestEvent } from "../load/follow-stream.ts";
import { fetchArchive } from "../load/fetch-archive.ts";
import type { PlayedJob } from "../load/play-client.ts";
import type { Timeline } from "../report/timeline.ts";
import type { Random } from "../seeded-random.ts";
import { readZip } from "../../support/read-zip.ts";
import type { DatabaseObserver, ObservedEvent } from "./observe-database.ts";
import { faultOfLog } from "./check-log.ts";
import { faultOfStates } from "./check-states.ts";
import { untilAnswered } from "./until-answered.ts";
import type { EngineWatch } from "./watch-engine.ts";

export interface CheckDeps {
  readonly database: DatabaseObserver;
  readonly engine: EngineWatch;
  readonly url: () => string;
  readonly random: Random;
  readonly timeline: Timeline;
}

/** Failures for which the infrastructure is to blame: under enough faults any Job may end so. */
const infrastructure = new Set(["sandbox_start_failed", "sandbox_lost", "worker_lost", "model_unavailable"]);

/** Holds one Job that a client has played against the invariants. */
export async function checkJob(played: PlayedJob, deps: CheckDeps): Promise<void> {
  const { id, end } = played;
  const broken = (invariant: number, message: string) => deps.timeline.broken(invariant, id, message);
  if (end === null) return broken(1, "it got a 202 and has not ended");
  const events = await untilAnswered(() => deps.database.events(id));
  const [row] = await untilAnswered(() => deps.database.jobs([id]));
  if (row?.status !== end.status)
    broken(1, `the client saw ${end.status}, the row says ${row?.status ?? "nothing"}`);
  const ends = events.filter(({ type }) => type === "end");
  if (ends.length !== 1 || events.at(-1)?.type !== "end")
    broken(
      1,
      `its history has ${String(ends.length)} ends, and ends with ${events.at(-1)?.type ?? "nothing"}`,
    );
  const path = faultOfStates(events);
  if (path !== null) broken(1, path);
  checkNumbers(played, events, row?.lastSeq ?? -1, broken);
  const log = faultOfLog(played, events);
  if (log !== null) broken(3, log);
  checkTruth(played, broken);
  await checkArchive(played, deps, broken);
  if (end.status === "cancelled") await checkGone(id, end.at, deps.engine, broken);
}

type Broken = (invariant: number, message: string) => void;

function checkNumbers(
  { stream }: PlayedJob,
  events: readonly ObservedEvent[],
  lastSeq: number,
  broken: Broken,
): void {
  const wrong = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (wrong !== -1) broken(3, `event ${String(events[wrong]?.seq)} stands at place ${String(wrong + 1)}`);
  if (events.length !== lastSeq)
    broken(3, `the row counts ${String(lastSeq)} events, there are ${String(events.length)}`);
  if (stream === null) return;
  if (stream.fault !== null) broken(3, stream.fault);
  if (!stream.ended) return;
  if (stream.lastSeq !== events.length)
    return broken(3, `the stream ended at ${String(stream.lastSeq)} of ${String(events.length)} events`);
  const expected = createHash("sha256");
  for (const { seq, type, text } of events) digestEvent(expected, seq, type, text ?? "");
  if (expected.digest("hex") !== stream.digest.digest("hex"))
    broken(3, "the stream's events are not those of the history");
}

/** Whether how it ended can be true, by what its programs do and what was asked. */
function checkTruth({ job, end, cancelAnswer }: PlayedJob, broken: Broken): void {
  if (end === null) return;
  const code = end.view.failure?.code ?? null;
  if (cancelAnswer?.cancelled === true && end.status !== "cancelled")
    broken(7, `a cancel was answered with yes, and the job ended as ${end.status}`);
  if (end.status === "cancelled") {
    if (cancelAnswer?.cancelled !== true) broken(7, "nobody was told that it would be cancelled");
    return;
  }
  if (end.status === "succeeded") {
    if (job.end !== "succeeded") broken(6, `it says succeeded, and its program ends by ${job.end}`);
    return;
  }
  // A model that answers nonsense: to its first turn, or to that which was to mend a step that failed.
  const mayFail = job.kind === "repair" && (code === "analysis_failed" || code === "step_failed");
  if (code === job.end || mayFail || infrastructure.has(code ?? "")) return;
  broken(
    6,
    `it failed as ${String(code)} (${end.view.failure?.message ?? ""}), its program ends by ${job.end}`,
  );
}

async function checkArchive(played: PlayedJob, deps: CheckDeps, broken: Broken): Promise<void> {
  const { id, job, end } = played;
  const output = end?.view.output ?? null;
  const isComplete = end?.status === "succeeded";
  if (output === null) {
    if (isComplete) broken(5, "it succeeded without an archive");
    return;
  }
  try {
    const fetched = await fetchArchive(id, deps.url, deps.random, 120_000);
    if (fetched === null) return broken(5, "its status names an archive, its download is 404");
    if (fetched.sha256 !== output.sha256 || fetched.bytes.length !== output.archive_bytes)
      return broken(
        5,
        `the archive's bytes (${fetched.sha256}) are not those of the status (${output.sha256})`,
      );
    const zip = await readZip(fetched.bytes);
    const result = zip.json("result.json") as { status?: unknown };
    if (result.status !== end?.status) broken(5, `result.json says ${String(result.status)}`);
    for (const { path, text } of isComplete ? job.tokens : []) {
      const name = `outputs/${path}`;
      const found = zip.names.includes(name) ? zip.text(name) : null;
      if (found !== text)
        broken(
          6,
          `the token ${path} is ${JSON.stringify(found?.slice(0, 200) ?? null)}, not what the step writes`,
        );
    }
    const known = new Set(job.tokens.map(({ path }) => `outputs/${path}`));
    const foreign = zip.names.filter(
      (name) => name.startsWith("outputs/tokens/") && !name.endsWith("/") && !known.has(name),
    );
    if (foreign.length > 0) broken(5, `the archive has files of others: ${foreign.join(", ")}`);
  } catch (error) {
    broken(5, error instanceof Error ? error.message : String(error));
  }
}

const engineEventsMs = 1_000;

/** `cancelled` was seen at some instant: no container of it could run a step then. */
export async function checkGone(
  id: string,
  seenAt: number,
  engine: EngineWatch,
  broken: Broken,
): Promise<void> {
  // What the engine had to say of that instant has come by then.
  await pause(engineEventsMs);
  const running = engine
    .intervals(id)
    .filter(({ from, to }) => from <= seenAt && (to === null || to > seenAt));
  for (const { container, to } of running)
    broken(
      7,
      `cancelled was said while container ${container.slice(0, 12)} ran ` +
        (to === null ? "(it runs still)" : `(${(to - seenAt).toFixed(0)} ms longer)`),
    );
}
