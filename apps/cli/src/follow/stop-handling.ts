import type { Client } from "@longshore/client";
import type { CommandContext } from "../command-context.ts";
import { describeError } from "../describe-error.ts";
import { Interrupted, type StopSignal } from "../interrupts.ts";
import { askForKey } from "../terminal/ask-for-key.ts";
import type { JobLines } from "./follow-job.ts";

/** What `longshore run` does with signals, from before its job is accepted until all is fetched. */
export interface StopHandling {
  /** Aborts, with an Interrupted, when the command is to leave. */
  readonly signal: AbortSignal;
  /** Whether the job was to be cancelled. */
  wasCancelled(): boolean;
  /** The job is accepted; what was asked for meanwhile is done. */
  accepted(id: string): void;
  /** There is nothing any more that could be cancelled. */
  ended(): void;
  close(): void;
}

/** For how long an answer to a request that is on its way is waited for, once the command is to stop. */
const lastAnswerMs = 5_000;
/** For how long a cancelled job is followed to its end. */
const cancelMs = 60_000;

const question = "Ctrl-C: [c]ancel the job, [d]etach and let it go on, or [k]eep following?";

/**
 * SIGINT cancels the job; on a terminal it asks before, and once more means yes. After that, it leaves at once. SIGTERM and
 * SIGHUP (a terminal that was closed) detach: the job goes on.
 */
export function handleStops(context: CommandContext, client: Client, lines: JobLines): StopHandling {
  const { surroundings, screen, interrupts } = context;
  const leaving = createLeaving();
  let id: string | null = null;
  let isEarly = false;
  let hasEnded = false;
  let cancelled = false;
  const cancel = (job: string) => {
    asking.close();
    cancelled = true;
    leaving.after(cancelMs, "SIGINT");
    void cancelJob(context, client, lines, { job, signal: leaving.signal });
  };
  const asking = createAsking(context, lines, { cancel, detach: () => leaving.now("SIGINT") });
  const release = interrupts.handle((signal) => {
    if (hasEnded || signal !== "SIGINT" || cancelled) leaving.now(signal);
    else if (id === null) {
      isEarly = true;
      leaving.after(lastAnswerMs, signal);
    } else if (!asking.isOpen() && surroundings.stdin.isTTY && screen.isLive) asking.open(id);
    else cancel(id);
  });
  const forget = () => {
    asking.close();
    leaving.forget();
  };
  return {
    signal: leaving.signal,
    wasCancelled: () => cancelled,
    accepted: (job) => {
      id = job;
      if (isEarly) cancel(job);
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
        else if (key === "d" || key === "\u0004") answers.detach();
        else if (key === "k" || key === "\r") {
          close();
          lines.replace(null);
        }
      });
    },
  };
}

async function cancelJob(
  { screen, note }: CommandContext,
  client: Client,
  lines: JobLines,
  { job, signal }: { readonly job: string; readonly signal: AbortSignal },
): Promise<void> {
  lines.replace("cancelling");
  if (!screen.isLive) await note("… cancelling");
  try {
    await client.cancel(job, { signal });
  } catch (error) {
    if (!signal.aborted) await screen.err.write(describeError(error).text);
  }
}
