import { Argument, type Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { type Candidate, complete } from "../completion/complete.ts";
import { type Shell, shellScripts } from "../completion/shell-scripts.ts";
import { printable } from "../terminal/printable.ts";
import { cutTo } from "../terminal/table.ts";

/** For the ids of jobs: who presses the tabulator does not wait long. */
const idsMs = 1_500;
const mostIds = 20;

/** `longshore completion`, and what its scripts ask. */
export function addCompletion(program: Command, context: CommandContext): void {
  const { screen, asJson, json } = context;
  program
    .command("completion")
    .description("prints what a shell needs to complete this command")
    .addArgument(new Argument("<shell>").choices(Object.keys(shellScripts)))
    .addHelpText("after", help)
    .action(async (shell: Shell) => {
      if (asJson()) await json({ shell, script: shellScripts[shell] });
      else await screen.out.write(shellScripts[shell]);
    });
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: readonly string[]) => {
      const found = await complete(program, words, () => readIds(context));
      const lines = found === "files" ? [":files"] : found.map(({ word, meaning }) => `${word}\t${meaning}`);
      await screen.out.write(lines.map((line) => `${line.trimEnd()}\n`).join(""));
    });
}

const help = `
  bash   eval "$(longshore completion bash)"            in ~/.bashrc
  zsh    source <(longshore completion zsh)             in ~/.zshrc, behind compinit
  fish   longshore completion fish | source             in ~/.config/fish/config.fish
`;

/** The newest jobs; none where the service does not say, as there is no place for words. */
async function readIds(context: CommandContext): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  try {
    const client = await context.client();
    const signal = AbortSignal.timeout(idsMs);
    for await (const { job_id, status, prompt } of client.list({}, { pageSize: mostIds, signal })) {
      const words = printable((prompt ?? "").slice(0, 200).replaceAll(/\s+/g, " ").trim());
      found.push({ word: job_id, meaning: cutTo(`${status} ${words}`, 50).trimEnd() });
      if (found.length >= mostIds) break;
    }
  } catch {
    return found;
  }
  return found;
}
