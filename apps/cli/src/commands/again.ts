import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { type RunOptions, runRequest } from "../follow/run-request.ts";
import { readRequest } from "../request/read-request.ts";
import { addRequestOptions, type RequestOptions } from "../request/request-options.ts";
import { findJobId, withJobId } from "./job-id.ts";
import { addFollowOptions } from "./run.ts";

/** `longshore again`. */
export function addAgain(program: Command, context: CommandContext): void {
  const command = withJobId(program.command("again")).description(
    "runs a job once more, with what was asked of it; options come on top. Not for one with secrets, nor for one whose " +
      "retention is over: nothing is told of them",
  );
  addFollowOptions(addRequestOptions(command)).action(
    async (given: string, options: RequestOptions & RunOptions) => {
      const signal = context.interrupts.stop;
      const client = await context.client();
      const { request } = await client.request(await findJobId(client, given, signal), { signal });
      await runRequest(context, await readRequest([], options, context, request), options);
    },
  );
}
