import type { Job } from "@longshore/client";
import { createLogTail, type LogTail } from "./log-tail.ts";
import { createProgress } from "./progress.ts";
import type { Call, ToolContext } from "./tool-context.ts";

export interface Followed {
  readonly job: Job;
  readonly tail: LogTail;
}

/** What of a log goes into one answer. */
const tailCharacters = 16_000;

/** Follows a job to its end, or for so long, and gives it as it then is. Throws the call's reason where that is cancelled. */
export async function followFor(
  { client }: ToolContext,
  id: string,
  { waitMs, call }: { readonly waitMs: number; readonly call: Call },
): Promise<Followed> {
  const tail = createLogTail(tailCharacters);
  const progress = createProgress(call);
  const over = AbortSignal.timeout(waitMs);
  try {
    for await (const event of client.events(id, { signal: AbortSignal.any([call.signal, over]) })) {
      progress.see(event);
      if (event.type === "log") tail.add(event.data);
    }
  } catch (error) {
    call.signal.throwIfAborted();
    if (!over.aborted) throw error;
  } finally {
    progress.close();
  }
  return { job: await client.status(id, { signal: call.signal }), tail };
}
