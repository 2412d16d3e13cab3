import { type Command, InvalidArgumentError } from "commander";

/** What a job may be given beside its prompt, as the command line has it. */
export interface RequestOptions {
  readonly step?: readonly string[];
  readonly file?: readonly string[];
  readonly env?: readonly string[];
  readonly secret?: readonly string[];
  readonly label?: readonly string[];
  readonly network?: string;
  readonly timeout?: number;
  readonly limit?: readonly string[];
  readonly maxTurns?: number;
  readonly maxAttempts?: number;
  readonly request?: string;
}

/** Adds the options of {@link RequestOptions}. */
export function addRequestOptions(command: Command): Command {
  return command
    .option(
      "-s, --step <code>",
      "a step, instead of a plan: a shell command, `python:CODE`, or `@script.py`",
      collect,
    )
    .option("-f, --file <path[:name]>", "a file or a folder for the job's workspace", collect)
    .option("-e, --env <name[=value]>", "environment of every step; without a value, this shell's", collect)
    .option("--secret <name[=@file]>", "the same, kept encrypted and shown nowhere", collect)
    .option("-l, --label <key=value>", "a label to find the job by", collect)
    .option("--network <hosts>", "what it may reach: none, full, or hosts with commas between")
    .option("--timeout <seconds>", "the job's time", readNumber)
    .option(
      "--limit <name=number>",
      "another limit: cpus, memory_mb, pids, disk_mb, output_mb, log_mb, max_tokens",
      collect,
    )
    .option("--max-turns <number>", "how often a model may be asked", readNumber)
    .option("--max-attempts <number>", "how many sandboxes may be tried when one is lost", readNumber)
    .option("--request <file>", "the whole request as JSON, `-` for stdin; options come on top");
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function readNumber(text: string): number {
  if (/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number.");
}
