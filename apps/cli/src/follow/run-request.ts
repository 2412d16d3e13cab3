import { resolve } from "node:path";
import type { Job, ScheduleRequest } from "@longshore/client";
import { fetchOutputs } from "../archive/fetch-outputs.ts";
import { tryOutputFolder } from "../archive/output-folder.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodeOfStatus, exitCodes } from "../exit-codes.ts";
import { Interrupted } from "../interrupts.ts";
import { createJobLines, followJob } from "./follow-job.ts";
import { createLogPrinter } from "./log-printer.ts";
import { type Cancelling, handleStops } from "./stop-handling.ts";
import { tellEnd, tellOutputs } from "./tell-end.ts";

/** What the commands that run a job have in common. */
export interface RunOptions {
  readonly detach?: boolean;
  readonly quiet?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly idempotencyKey?: string;
}

/** Schedules the job, shows it until its end, fetches its outputs where that is asked for, and sets the exit code. */
export async function runRequest(
  context: CommandContext,
  request: ScheduleRequest,
  { detach = false, quiet = false, out, force = false, idempotencyKey }: RunOptions,
): Promise<void> {
  const { screen, note, say, end, asJson, surroundings } = context;
  // Not only when a job has run for hours.
  if (out !== undefined) await tryOutputFolder(resolve(surroundings.cwd, out));
  const lines = createJobLines(context);
  const client = await context.client(lines);
  const stops = handleStops(context, client, lines);
  const { signal } = stops;
  const dim = screen.err.colours.dim;
  let [id, hasEnded]: [string | null, boolean] = [null, false];
  try {
    if (!quiet) lines.show();
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    const scheduled = await client.schedule(request, { signal, ...key });
    id = scheduled.job_id;
    stops.accepted(id);
    if (detach) {
      lines.hide();
      return await (asJson() ? context.json(scheduled) : say(id));
    }
    if (!quiet) await note(dim(`Job ${id}`));
    const streams = asJson() ? nothingPrinted : createLogPrinter(screen, { streams: "split", mark: "  │ " });
    const job = await followJob(context, id, { client, printer: streams, lines, quiet, signal });
    stops.ended();
    hasEnded = true;
    if (!quiet) await tellEnd(job, context);
    end(exitCodeOf(job, stops.cancelling() !== "not_asked"));
    const saved = out === undefined ? null : await fetchOutputs(context, client, job, { out, force, signal });
    if (asJson()) await context.json(saved === null ? job : { ...job, saved: { folder: out, ...saved } });
    else if (out === undefined && !quiet) await tellOutputs(job, context);
  } catch (error) {
    lines.hide();
    if (id !== null) await note(farewell(id, { hasEnded, cancelling: stops.cancelling(), error }));
    else if (error instanceof Interrupted)
      await note("Left before the service had answered: longshore ls shows whether it has the job");
    throw error;
  } finally {
    stops.close();
  }
}

/** What is said of a job that the command leaves before all is done. */
function farewell(
  id: string,
  {
    hasEnded,
    cancelling,
    error,
  }: { readonly hasEnded: boolean; readonly cancelling: Cancelling; readonly error: unknown },
): string {
  if (hasEnded) return `The job has ended, its outputs were not saved: longshore download ${id} --out DIR`;
  if (!(error instanceof Interrupted)) return `The job is ${id}: longshore logs -f ${id}`;
  return `Left job ${id}, which ${whatBecomesOfIt[cancelling]} ${id}`;
}

/** Each with the command that takes the id, and comes next. */
const whatBecomesOfIt = {
  not_asked: "goes on: longshore logs -f",
  unanswered: "was to be cancelled, and no answer came: longshore cancel",
  taken: "is being cancelled: longshore logs -f",
  refused: "could not be cancelled: longshore cancel",
  too_late: "had ended before: longshore status",
} as const satisfies Record<Cancelling, string>;

function exitCodeOf({ status }: Job, wasInterrupted: boolean) {
  return status === "cancelled" && wasInterrupted ? exitCodes.interrupted : exitCodeOfStatus[status];
}

/** Where the result is one document, its log is none of it. */
const nothingPrinted = { print: async () => undefined, finish: async () => undefined };
