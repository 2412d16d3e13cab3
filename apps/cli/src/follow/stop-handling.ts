import { type Client, ProblemError } from "@longshore/client";
import type { CommandContext } from "../command-context.ts";
import { describeError } from "../describe-error.ts";
import { Interrupted, type StopSignal } from "../interrupts.ts";
import { askForKey } from "../terminal/ask-for-key.ts";
import type { JobLines } from "./follow-job.ts";

/**
 * What became of cancelling the job: nobody asked for it, no answer has come, the service does it, refused it, or said that
 * the job had ended before.
 */
export type Cancelling = "not_asked" | "unanswered" | "taken" | "refused" | "too_late";

/** What `longshore run` does with signals, from before its job is accepted until all is fetched. */
export interface StopHandling {
  /** Aborts, with an Interrupted, when the command is to leave. */
  readonly signal: AbortSignal;
  cancelling(): Cancelling;
  /** The job is accepted; what was asked for meanwhile is done. */
  accepted(id: string): void;
  /** There is nothing any more that could be cancelled. */
  ended(): void;
  close(): void;
}

/** For how long an answer to a request that is on its way is waited for, once the command is to stop. */
const lastAnswerMs = 5_000;
/** For how long the answer to cancelling is waited for, whatever else the command does. */
const cancelAnswerMs = 5_000;
/** For how long a cancelled job is followed to its end. */
const cancelMs = 60_000;

const question = "Ctrl-C: [c]ancel the job, [d]etach and let it go on, or [k]eep following?";

/**
 * SIGINT cancels the job; on a terminal it asks before, and once more means yes. After that, it leaves at once, as it does
 * where it comes twice before the service has taken the job. SIGTERM and SIGHUP (a terminal that was closed) detach: the
 * job goes on.
 */
export function handleStops(context: CommandContext, client: Client, lines: JobLines): StopHandling {
  const { surroundings, screen, interrupts } = context;
  const leaving = createLeaving();
  let [id, isEarly, hasEnded]: [string | null, boolean, boolean] = [null, false, false];
  let cancelling: Cancelling = "not_asked";
  const cancel = async (job: string): Promise<void> => {
    asking.close();
    cancelling = "unanswered";
    leaving.after(cancelMs, "SIGINT");
    cancelling = await cancelJob(context, client, lines, job);
    // Who pressed Ctrl-C does not wait for the end of a job that goes on.
    if (!hasEnded && (cancelling === "unanswered" || cancelling === "refused")) leaving.now("SIGINT");
  };
  const asking = createAsking(context, lines, {
    cancel: (job) => void cancel(job),
    detach: () => leaving.now("SIGINT"),
  });
  const release = interrupts.handle((signal) => {
    const leaves = hasEnded || signal !== "SIGINT" || isEarly || cancelling !== "not_asked";
    if (leaves) {
      asking.close();
      leaving.now(signal);
    } else if (id === null) {
      isEarly = true;
      leaving.after(lastAnswerMs, signal);
    } else if (!asking.isOpen() && surroundings.stdin.isTTY && screen.isLive) asking.open(id);
    else void cancel(id);
    return leaves;
  });
  const forget = () => {
    asking.close();
    leaving.forget();
  };
  return {
    signal: leaving.signal,
    cancelling: () => cancelling,
    accepted: (job) => {
      id = job;
      if (isEarly) void cancel(job);
    },
    ended: () => {
      hasEnded = true;
      forget();
    },
    close: () => {
      forget();
      release();
    },
  };
}

/** When the command leaves; the first reason counts. */
function createLeaving() {
  const leave = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const now = (signal: StopSignal) => leave.abort(new Interrupted(signal));
  return {
    signal: leave.signal,
    now,
    after: (ms: number, signal: StopSignal) => timers.add(setTimeout(() => now(signal), ms)),
    forget: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** The question in the last line of the terminal; what the job prints goes on above it. */
function createAsking(
  { surroundings }: CommandContext,
  lines: JobLines,
  answers: { readonly cancel: (job: string) => void; readonly detach: () => void },
) {
  let asked: { close(): void } | null = null;
  const close = () => {
    asked?.close();
    asked = null;
  };
  return {
    close,
    isOpen: () => asked !== null,
    open: (job: string) => {
      lines.replace(question);
      asked = askForKey(surroundings.stdin, (key) => {
        if (key === "c" || key === "\u0003") answers.cancel(job);
        else if (key === "d" || key === "\u0004") {
          close();
          answers.detach();
        } else if (key === "k" || key === "\r") {
          close();
          lines.replace(null);
        }
      });
    },
  };
}

/** Gives what came of it. By no signal of the command's: what leaves the job shall not keep it from being cancelled. */
async function cancelJob(
  { screen, note }: CommandContext,
  client: Client,
  lines: JobLines,
  job: string,
): Promise<Cancelling> {
  lines.replace("cancelling");
  if (!screen.isLive) await note("… cancelling");
  const limit = AbortSignal.timeout(cancelAnswerMs);
  try {
    const { cancelled } = await client.cancel(job, { signal: limit });
    return cancelled ? "taken" : "too_late";
  } catch (error) {
    if (!limit.aborted) await screen.err.write(describeError(error).text);
    return error instanceof ProblemError ? "refused" : "unanswered";
  }
}
