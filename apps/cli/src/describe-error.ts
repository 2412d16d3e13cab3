import {
  ArchiveError,
  ConnectionError,
  InvalidIdError,
  InvalidPathError,
  LongshoreError,
  ProblemError,
} from "@longshore/client";
import { CliError } from "./cli-error.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { printable } from "./terminal/printable.ts";

export interface DescribedError {
  readonly exitCode: ExitCode;
  /** For people: what it is, and the next step. */
  readonly text: string;
  /** The same for machines. */
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * What is said of an error, and what the process ends with. One that is not expected is a bug, told with its stack.
 *
 * @param advise the next step, for whom it is said to.
 */
export function describeError(
  error: unknown,
  advise: (error: LongshoreError) => string = adviseShell,
): DescribedError {
  if (!(error instanceof LongshoreError)) return describeBug(error);
  const advice = advise(error);
  const details =
    error instanceof ProblemError
      ? error.errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}\n`)
      : [];
  const { code, message } = error;
  const text = `✗ ${lines(message)}\n${details.map((line) => `${lines(line.trimEnd())}\n`).join("")}  ${lines(advice)}\n`;
  const more =
    error instanceof ProblemError
      ? { status: error.status, errors: error.errors, request_id: error.requestId }
      : {};
  return { exitCode: exitCodeOf(error), text, json: { error: { code, message, advice, ...more } } };
}

function exitCodeOf(error: LongshoreError): ExitCode {
  if (error instanceof CliError) return error.code === "wrong_use" ? exitCodes.wrongUse : exitCodes.local;
  if (error instanceof ArchiveError) return exitCodes.local;
  if (error instanceof InvalidIdError || error instanceof InvalidPathError) return exitCodes.wrongUse;
  return error instanceof ProblemError ? exitCodeOfProblem(error) : exitCodes.serviceAway;
}

function exitCodeOfProblem({ status, code }: ProblemError): ExitCode {
  if (code === "strange_answer") return exitCodes.serviceAway;
  if (status === 401 || status === 403) return exitCodes.keyRefused;
  if (status === 404 || status === 409 || status === 410 || status === 416) return exitCodes.refused;
  if (status === 429 || status >= 500) return exitCodes.serviceAway;
  return exitCodes.wrongUse;
}

/** The client speaks to programs; here somebody sits before a shell. */
function adviseShell(error: LongshoreError): string {
  if (error instanceof ConnectionError)
    return "Is the service running (`npm start`), and is the address right? `longshore doctor` looks.";
  if (!(error instanceof ProblemError)) return error.advice;
  if (error.status === 401)
    return "Set LONGSHORE_API_KEY, or api_key beside this address in the config file; `npm run keys -- create` on the service makes one.";
  if (error.code === "job_not_found")
    return "`longshore ls` shows your jobs. With another key, others are there.";
  if (error.code === "request_sealed" || error.code === "request_wiped")
    return "Give it anew, with its secrets: longshore run … --secret NAME (or NAME=@FILE).";
  if (error.status === 404 && (error.code === "strange_answer" || error.code === "route_not_found"))
    return "Is the address right? It is that of --url, LONGSHORE_URL or the config file; `longshore doctor` looks.";
  if (error.code === "not_finished") return "`longshore logs -f ID` waits for its end.";
  if (error.errors.length > 0)
    return "Change what is named above; `longshore COMMAND --help` has the options.";
  return error.advice;
}

function describeBug(error: unknown): DescribedError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: exitCodes.bug,
    text: `✗ This is a bug of Longshore's:\n${lines(stack)}\n`,
    json: { error: { code: "bug", message: error instanceof Error ? error.message : String(error) } },
  };
}

/** Words of a service, or of what is taken for one, reach the terminal here. */
function lines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line))
    .join("\n");
}
