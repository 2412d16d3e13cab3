import type { LogLine } from "@longshore/client";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCodeOfStatus } from "../exit-codes.ts";
import { createJobLines, type JobLines } from "../follow/follow-job.ts";
import { createLogPrinter, type LogPrinter } from "../follow/log-printer.ts";
import { tellEnd } from "../follow/tell-end.ts";
import { findJobId, withJobId } from "./job-id.ts";

interface LogsOptions {
  readonly follow?: boolean;
  readonly after?: number;
  readonly stream?: LogLine["stream"];
  readonly timestamps?: boolean;
}

/** `longshore logs`. */
export function addLogs(program: Command, context: CommandContext): void {
  withJobId(program.command("logs"))
    .description("prints what a job has printed; with -f, until it ends, and then ends as it did")
    .option("-f, --follow", "go on until the job ends")
    .option("--after <seq>", "begin after the event of this number", readSeq)
    .addOption(
      new Option("--stream <name>", "lines of this stream alone").choices(["stdout", "stderr", "system"]),
    )
    .option("-t, --timestamps", "each line with its time")
    .action((id: string, options: LogsOptions) => printLogs(context, id, options));
}

export function readSeq(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number, as --json tells it as seq.");
}

async function printLogs(context: CommandContext, given: string, options: LogsOptions): Promise<void> {
  const { screen, asJson, json, interrupts } = context;
  const lines = createJobLines(context);
  const client = await context.client(lines);
  const signal = interrupts.stop;
  const id = await findJobId(client, given, signal);
  const log = asJson()
    ? { print: json, finish: async () => undefined }
    : createLogPrinter(screen, { streams: "joined", timestamps: options.timestamps ?? false, mark: "" });
  // Who asks for this stream alone wants it as the result.
  const printer: LogPrinter =
    options.stream === "system" && !asJson()
      ? { ...log, print: (line) => log.print({ ...line, stream: "stdout" }) }
      : log;
  if (options.follow === true) return followLogs(context, id, { ...options, client, printer, lines, signal });
  const { after = 0, stream } = options;
  for await (const line of client.logs(id, { after, signal, ...(stream === undefined ? {} : { stream }) }))
    await printer.print(line);
  await printer.finish();
}

async function followLogs(
  context: CommandContext,
  id: string,
  { client, printer, lines, signal, after = 0, stream }: LogsOptions & FollowDeps,
): Promise<void> {
  const { asJson, end } = context;
  lines.show();
  try {
    for await (const event of client.events(id, { after, signal })) {
      lines.see(event);
      const isWanted = event.type === "log" && (stream === undefined || event.data.stream === stream);
      if (isWanted) await printer.print(event.data);
    }
    await printer.finish();
  } finally {
    lines.hide();
  }
  const job = await client.status(id, { signal });
  if (!asJson()) await tellEnd(job, context);
  end(exitCodeOfStatus[job.status]);
}

interface FollowDeps {
  readonly client: Awaited<ReturnType<CommandContext["client"]>>;
  readonly printer: LogPrinter;
  readonly lines: JobLines;
  readonly signal: AbortSignal;
}
