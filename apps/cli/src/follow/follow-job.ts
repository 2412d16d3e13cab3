import type { Client, Job, JobEvent } from "@longshore/client";
import type { CommandContext } from "../command-context.ts";
import type { LineWatch } from "../settings/connect.ts";
import { createLiveStatus } from "./live-status.ts";
import type { LogPrinter } from "./log-printer.ts";
import { showEvent } from "./show-event.ts";

export interface Following {
  readonly client: Client;
  /** For the client, whose line this tells of. */
  readonly printer: LogPrinter;
  readonly lines: JobLines;
  /** Whether nothing but the log is told. */
  readonly quiet: boolean;
  readonly after?: number;
  readonly signal: AbortSignal;
}

/** Shows what happens until the job's end, and gives it as it then is. */
export async function followJob(
  { screen, note }: CommandContext,
  id: string,
  { client, printer, lines, quiet, after = 0, signal }: Following,
): Promise<Job> {
  const show = async (event: JobEvent) => {
    lines.see(event);
    if (event.type === "log") return printer.print(event.data);
    const line = quiet ? null : showEvent(event, screen.err.colours);
    if (line !== null) await note(line);
  };
  for await (const event of client.events(id, { after, signal })) await show(event);
  await printer.finish();
  lines.hide();
  return client.status(id, { signal });
}

/** The line at the foot of the terminal, and what is said when the service is away. */
export interface JobLines extends LineWatch {
  see(event: JobEvent): void;
  show(): void;
  /** Puts words in its place, such as a question; null brings it back. */
  replace(words: string | null): void;
  hide(): void;
}

export function createJobLines({ screen, note }: CommandContext): JobLines {
  const status = createLiveStatus();
  const lost = "the service is not reached, trying again";
  let isLost = false;
  let question: string | null = null;
  return {
    see: (event) => status.see(event),
    show: () => screen.live(() => question ?? status.line()),
    hide: () => screen.live(null),
    replace: (words) => {
      question = words;
      screen.live(() => question ?? status.line());
    },
    onLost: () => {
      if (isLost) return;
      isLost = true;
      status.remark(lost);
      if (!screen.isLive) void note(`… ${lost}`);
    },
    onAnswer: () => {
      if (!isLost) return;
      isLost = false;
      status.remark("");
      if (!screen.isLive) void note("… the service is there again");
    },
  };
}
