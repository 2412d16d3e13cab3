import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { type RunOptions, runRequest } from "../follow/run-request.ts";
import { readRequest } from "../request/read-request.ts";
import { addRequestOptions, type RequestOptions } from "../request/request-options.ts";

/** `longshore run`. */
export function addRun(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .description("runs a job, shows it as it goes, and ends with its outcome")
    .argument("[prompt...]", "what is to be done, in plain language; `-` reads it from stdin");
  addFollowOptions(addRequestOptions(command)).action(
    async (words: readonly string[], options: RequestOptions & RunOptions) => {
      await runRequest(context, await readRequest(words, options, context), options);
    },
  );
}

/** Adds the options of {@link RunOptions}. */
export function addFollowOptions(command: Command): Command {
  return command
    .option("-o, --out <dir>", "where its outputs are put when it has ended")
    .option("--force", "overwrite files that are there")
    .addOption(
      // Who leaves is not there when it ends: the outputs would not come, and nothing would say so.
      new Option("-d, --detach", "print the job's id and leave").conflicts("out"),
    )
    .option("-q, --quiet", "nothing but what the job prints")
    .option("--idempotency-key <key>", "by which the service knows the same request again, for a day");
}
