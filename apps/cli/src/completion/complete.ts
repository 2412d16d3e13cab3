import type { Command, Option } from "commander";

export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** `files`: the shell's own completion of paths. */
export type Completion = readonly Candidate[] | "files";

/** Newest first. */
export type ReadIds = () => Promise<readonly Candidate[]>;

/** Options whose value is a path. */
const pathOptions: ReadonlySet<string> = new Set(["--file", "--out", "--zip", "--request"]);

/** What may stand for the last of the words, which are those behind the program's name. */
export async function complete(
  program: Command,
  words: readonly string[],
  readIds: ReadIds,
): Promise<Completion> {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const group = program.commands.find((each) => each.name() === firstOperand(program, before));
  const command = group?.commands.find((each) => before.includes(each.name())) ?? group;
  const options = [...(command?.options ?? []), ...program.options];
  const pending = options.find((option) => takesValue(option) && isNamed(option, before.at(-1) ?? ""));
  if (pending !== undefined) return completeValue(pending, current);
  if (current.startsWith("-")) return fitting(options.filter(({ hidden }) => !hidden).map(ofOption), current);
  if (command === undefined)
    return before.includes("help") || firstOperand(program, before) === ""
      ? fitting(commandsOf(program), current)
      : [];
  if (command.commands.length > 0) return fitting(commandsOf(command), current);
  const [argument] = command.registeredArguments;
  if (argument?.argChoices !== undefined) return fitting(argument.argChoices.map(ofWord), current);
  if (argument?.name() !== "id" || before.at(-1) !== command.name()) return [];
  return fitting([{ word: "last", meaning: "your newest job" }, ...(await readIds())], current);
}

function firstOperand(program: Command, words: readonly string[]): string {
  const [first = ""] = words.filter(
    (word, index) =>
      !word.startsWith("-") &&
      !program.options.some((option) => takesValue(option) && isNamed(option, words[index - 1] ?? "")),
  );
  return first;
}

function completeValue(option: Option, current: string): Completion {
  if (pathOptions.has(option.long ?? "")) return "files";
  return fitting((option.argChoices ?? []).map(ofWord), current);
}

function commandsOf(program: Command): readonly Candidate[] {
  const shown = program.createHelp().visibleCommands(program);
  return shown.map((command) => ({ word: command.name(), meaning: command.description() }));
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function isNamed(option: Option, word: string): boolean {
  return word !== "" && (option.long === word || option.short === word);
}

function ofOption(option: Option): Candidate {
  return { word: option.long ?? option.short ?? "", meaning: option.description };
}

function ofWord(word: string): Candidate {
  return { word, meaning: "" };
}

function fitting(candidates: readonly Candidate[], current: string): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(current));
}
