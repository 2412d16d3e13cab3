import { type Command, InvalidArgumentError } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findJobId, withJobId } from "./job-id.ts";

/** `longshore cancel`. */
export function addCancel(program: Command, context: CommandContext): void {
  withJobId(program.command("cancel"))
    .description("cancels a job, and waits until it runs no more")
    .option("--wait <seconds>", "how long, 0 to 30", readWait, 30)
    .action(async (given: string, { wait }: { readonly wait: number }) => {
      const { interrupts, asJson, json, say, note, end } = context;
      const client = await context.client();
      const id = await findJobId(client, given, interrupts.stop);
      const answer = await client.cancel(id, { waitSeconds: wait, signal: interrupts.stop });
      if (!answer.cancelled) end(exitCodes.jobFailed);
      if (asJson()) await json(answer);
      else if (answer.status === "cancelled") await say(`✓ ${id} is cancelled`);
      else if (answer.cancelled) await say(`… ${id} is being cancelled: longshore logs -f ${id}`);
      else await note(`✗ ${id} had ended already: ${answer.status}`);
    });
}

function readWait(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= 30) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 0 to 30.");
}
