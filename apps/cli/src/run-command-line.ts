import { CommanderError } from "commander";
import type { CommandContext } from "./command-context.ts";
import { describeError } from "./describe-error.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { exitCodeOfSignal, Interrupted, listenToSignals } from "./interrupts.ts";
import { createProgram } from "./program.ts";
import { connect } from "./settings/connect.ts";
import { readSettings } from "./settings/read-settings.ts";
import type { Surroundings } from "./surroundings.ts";
import { printable } from "./terminal/printable.ts";
import { createScreen, type Screen } from "./terminal/screen.ts";
import { version } from "./version.ts";

/** Runs one command line to its end, and leaves the process with the exit code. */
export async function runCommandLine(surroundings: Surroundings): Promise<void> {
  const { args, env, stdout, stderr } = surroundings;
  const screen = createScreen(surroundings, env);
  endWhereNobodyReads(surroundings, screen);
  let exitCode: ExitCode = exitCodes.ok;
  // Until the command line is read; what is wrong with it is told in the form that it asks for, too.
  let global: GlobalOptions = { json: args.includes("--json") };
  const asJson = () => global.json === true;
  const settings = () => readSettings(env, global.url);
  const note = (line: string) => screen.err.write(`${line}\n`);
  const context: CommandContext = {
    ...{ surroundings, screen, version, asJson, settings },
    interrupts: listenToSignals(),
    client: async (watch) => {
      const found = await settings();
      if (found.keyKeptBack !== null && !asJson()) await note(`! ${printable(found.keyKeptBack)}`);
      return connect(found, watch);
    },
    json: (value) => screen.out.write(`${JSON.stringify(value)}\n`),
    say: (line) => screen.out.write(`${line}\n`),
    note,
    end: (code) => void (exitCode = code),
  };
  try {
    const program = createProgram(context, (options) => (global = options));
    await program.parseAsync(args.length === 0 ? ["help"] : [...args], { from: "user" });
  } catch (error) {
    screen.live(null);
    exitCode = await tellError(error, context);
  }
  screen.live(null);
  // Not before what was written has gone out: on a pipe, process.exit would cut it off.
  stdout.write("", () => stderr.write("", () => process.exit(exitCode)));
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
}

async function tellError(error: unknown, { asJson, screen }: CommandContext): Promise<ExitCode> {
  // It has said already what is wrong; who only asked for help did nothing wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
  if (error instanceof Interrupted) return exitCodeOfSignal[error.signal];
  const { exitCode, text, json } = describeError(error);
  await screen.err.write(asJson() ? `${JSON.stringify(json)}\n` : text);
  return exitCode;
}

/** `longshore logs ID | head`: the reader has enough, and there is nothing to be said. A disk that is full is another thing. */
function endWhereNobodyReads({ stdout, stderr }: Surroundings, screen: Screen): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    screen.live(null);
    // EIO: the terminal is gone.
    if (error.code === "EPIPE" || error.code === "EIO") process.exit(exitCodes.outputClosed);
    stderr.write(`✗ The output cannot be written: ${error.message}\n`, () => process.exit(exitCodes.local));
  });
  // Who does not read what is said beside may still want the result.
  stderr.on("error", () => undefined);
}
