import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** What is wrong with the arguments of a command, in a sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface CommandLine<Options> {
  /** What the command does and takes, for who asks for help. */
  readonly usage: string;
  /** Reads the arguments; throws a {@link UsageError}, or what `parseArgs` does, where they are wrong. */
  readonly read: (args: readonly string[]) => Options;
}

const wrongUse = 2;

/**
 * The options of a command; or, where it is not to run, the code with which it ends: 0 where help was asked for, and is
 * given, and 2 where something is wrong with the arguments, and is said.
 */
export function readCommandLine<Options>(
  args: readonly string[],
  { usage, read }: CommandLine<Options>,
): Result<Options, number> {
  if (asksForHelp(args)) {
    process.stdout.write(`${usage.trimEnd()}\n`);
    return fail(0);
  }
  try {
    return succeed(read(args));
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    process.stderr.write(`${reason}; --help says what there is.\n`);
    return fail(wrongUse);
  }
}

/** Whether they are no more than that: in the midst of others it may be anything. */
export function asksForHelp(args: readonly string[]): boolean {
  return args[0] === "--help" || args[0] === "-h";
}

/** Null where it is none of the arguments' fault. `parseArgs` of Node goes on with how what it refuses could be meant. */
function reasonOf(error: unknown): string | null {
  if (error instanceof UsageError) return error.message;
  const isOfParser =
    error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
  return isOfParser ? (error.message.split(/\.\s/)[0] ?? "").replace(/\.$/, "") : null;
}

/** Of a command that takes no arguments. */
export function readNothing(args: readonly string[]): null {
  const [first] = args;
  if (first === undefined) return null;
  throw new UsageError(`It takes no arguments, such as ${JSON.stringify(first)}`);
}

/** A number above 0. */
export function readPositive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new UsageError(`--${name} must be a number above 0, not ${JSON.stringify(text)}`);
}
