import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCodeOfStatus } from "../exit-codes.ts";
import { createJobLines } from "../follow/follow-job.ts";
import { createLogPrinter } from "../follow/log-printer.ts";
import { showEvent } from "../follow/show-event.ts";
import { printable } from "../terminal/printable.ts";
import { findJobId, withJobId } from "./job-id.ts";
import { readSeq } from "./logs.ts";

/** `longshore events`. */
export function addEvents(program: Command, context: CommandContext): void {
  withJobId(program.command("events"))
    .description("prints everything that happened and happens to a job, until its end, and ends as it did")
    .option("--after <seq>", "begin after the event of this number", readSeq)
    .action((id: string, { after = 0 }: { readonly after?: number }) => printEvents(context, id, after));
}

async function printEvents(context: CommandContext, given: string, after: number): Promise<void> {
  const { screen, asJson, json, say, end, interrupts } = context;
  const client = await context.client(createJobLines(context));
  const signal = interrupts.stop;
  const id = await findJobId(client, given, signal);
  const printer = createLogPrinter(screen, { streams: "joined", mark: "  │ " });
  for await (const event of client.events(id, { after, signal })) {
    if (asJson()) await json(event);
    else if (event.type === "log") await printer.print(event.data);
    else if (event.type === "end") {
      const { status, failure } = event.data;
      await say(`● ${status}${failure === null ? "" : `: ${failure.code}: ${printable(failure.message)}`}`);
    } else {
      const line = showEvent(event, screen.out.colours);
      if (line !== null) await say(line);
    }
  }
  await printer.finish();
  end(exitCodeOfStatus[(await client.status(id, { signal })).status]);
}
