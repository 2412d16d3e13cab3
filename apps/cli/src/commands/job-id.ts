import type { Client } from "@longshore/client";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { jobIdPattern } from "../job-id.ts";

/** The argument that names a job. */
export function withJobId(command: Command): Command {
  return command.argument("<id>", "the job's id, or `last` for your newest job");
}

/** The id that is meant. */
export async function findJobId(client: Client, given: string, signal: AbortSignal): Promise<string> {
  if (jobIdPattern.test(given.trim())) return given.trim();
  if (given !== "last")
    throw new CliError(
      "wrong_use",
      `${given} is not the id of a job`,
      "Copy it from `longshore ls`, or say `last` for your newest job.",
    );
  for await (const { job_id } of client.list({}, { pageSize: 1, signal })) return job_id;
  throw new CliError("wrong_use", "There is no job yet", 'Run one: longshore run --step "echo hello".');
}
