import { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addAgain } from "./commands/again.ts";
import { addCancel } from "./commands/cancel.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDownload } from "./commands/download.ts";
import { addEvents } from "./commands/events.ts";
import { addKeys } from "./commands/keys.ts";
import { addLogs } from "./commands/logs.ts";
import { addLs } from "./commands/ls.ts";
import { addMcp } from "./commands/mcp.ts";
import { addOpen } from "./commands/open.ts";
import { addRun } from "./commands/run.ts";
import { addStatus } from "./commands/status.ts";
import { addTenants } from "./commands/tenants.ts";
import { addWhoami } from "./commands/whoami.ts";

interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
}

const footer = `
Which service, and who asks: LONGSHORE_URL, LONGSHORE_API_KEY, or {"url": …, "api_key": …} in
~/.config/longshore/config.json. Without any, http://127.0.0.1:8000 and no key.

Ends with 0 where the job succeeded, 1 failed, 2 wrong use, 3 cancelled, 4 key refused, 5 refused
otherwise, 6 service away, 7 trouble on this machine, 130 interrupted.

  $ longshore run "Count the words of ships.txt" --file ships.txt --out result
  $ longshore run --step "make test" --file . && echo ok
  $ longshore logs -f last
`;

/** The commands. They throw a CommanderError where they are used wrongly, after they have said how. */
export function createProgram(context: CommandContext, onOptions: (options: GlobalOptions) => void): Command {
  const { screen } = context;
  const program = new Command("longshore")
    .description("Runs jobs that you describe in plain language in sandboxed containers.")
    .version(context.version, "-V, --version", "print the version")
    .option("--json", "results as JSON on stdout, errors as JSON on stderr")
    .option("--url <url>", "the service, instead of LONGSHORE_URL")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      getOutHelpWidth: () => screen.out.columns,
      getErrHelpWidth: () => screen.err.columns,
      getOutHasColors: () => screen.out.colours.isColorSupported,
      getErrHasColors: () => screen.err.colours.isColorSupported,
      outputError: (text, write) => write(asError(text, context.asJson())),
    })
    .showSuggestionAfterError()
    .addHelpText("after", footer)
    .exitOverride();
  program.hook("preAction", (_, command) => onOptions(command.optsWithGlobals<GlobalOptions>()));
  for (const add of [
    ...[addRun, addAgain, addLs, addStatus, addLogs, addEvents, addCancel, addDownload, addOpen],
    ...[addDoctor, addWhoami, addKeys, addTenants, addCompletion, addMcp],
  ])
    add(program, context);
  return program;
}

function asError(text: string, asJson: boolean): string {
  const hint = "`longshore help COMMAND` shows what it takes.";
  if (!asJson) return `${text}${hint}\n`;
  return `${JSON.stringify({ error: { code: "wrong_use", message: text.trim(), advice: hint } })}\n`;
}
