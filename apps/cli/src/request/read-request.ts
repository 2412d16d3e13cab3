import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ScheduleRequest } from "@longshore/client";
import { CliError, systemError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { type JobFile, readFiles } from "./read-files.ts";
import { printable } from "../terminal/printable.ts";
import { readEnv, readLabels, readLimits, readSecrets } from "./read-pairs.ts";
import { createStdin, type Stdin } from "./read-stdin.ts";
import { readStep } from "./read-step.ts";
import type { RequestOptions } from "./request-options.ts";

/** What `POST /schedule` takes, and the service refuses what is over it. */
const largestBytes = 32 * 1024 * 1024;

/**
 * The request that a command line asks for. Only what must be read here is judged here: the rest the service does.
 *
 * @param words the prompt; a single `-` is stdin.
 * @param asked what all of it comes on top of.
 */
export async function readRequest(
  words: readonly string[],
  options: RequestOptions & { readonly quiet?: boolean },
  { surroundings, interrupts, note }: Pick<CommandContext, "surroundings" | "interrupts" | "note">,
  asked: ScheduleRequest = {},
): Promise<ScheduleRequest> {
  const { cwd, env } = surroundings;
  const stdin = createStdin(surroundings.stdin, interrupts.stop);
  const base = options.request === undefined ? asked : await readWhole(options.request, cwd, stdin);
  const prompt = await readPrompt(words, stdin);
  const steps = await Promise.all((options.step ?? []).map((step) => readStep(step, cwd)));
  const { files, lost } = await readFiles(options.file ?? [], cwd, stdin);
  if (options.quiet !== true) for (const line of lost) await note(`! ${printable(line)}`);
  const request: ScheduleRequest = {
    ...base,
    ...(prompt === null ? {} : { prompt }),
    ...(steps.length === 0 ? {} : { steps }),
    ...(files.length === 0 ? {} : { files: onTop(base.files, files) }),
    ...merged("env", base.env, readEnv(options.env ?? [], env)),
    ...merged("secrets", base.secrets, await readSecrets(options.secret ?? [], surroundings)),
    ...merged("metadata", base.metadata, readLabels(options.label ?? [])),
    ...merged("limits", base.limits, readLimits(options)),
    ...(options.network === undefined ? {} : { network: readNetwork(options.network) }),
    ...(options.maxTurns === undefined ? {} : { max_turns: options.maxTurns }),
    ...(options.maxAttempts === undefined ? {} : { max_attempts: options.maxAttempts }),
  };
  if (request.prompt === undefined && request.steps === undefined)
    throw new CliError(
      "wrong_use",
      "There is nothing to run",
      'Give a prompt, `longshore run "count to three"`, or steps, `longshore run --step "seq 3"`; `-` reads the prompt from stdin.',
    );
  return request;
}

/** A file of the same name takes the place of the one before: the service takes no name twice, and judges what is no list. */
function onTop(base: ScheduleRequest["files"] = [], files: readonly JobFile[]): JobFile[] {
  const given = new Set<unknown>(files.map(({ path }) => path));
  if (!Array.isArray(base)) return base;
  return [...base.filter((file: Partial<JobFile> | null) => !given.has(file?.path)), ...files];
}

function merged<Name extends string, Value extends object>(
  name: Name,
  base: Value | undefined,
  more: Value,
): { readonly [Key in Name]?: Value } {
  if (Object.keys(more).length === 0) return {};
  // safety: the one key is the name.
  return { [name]: { ...base, ...more } } as { readonly [Key in Name]?: Value };
}

async function readPrompt(words: readonly string[], stdin: Stdin): Promise<string | null> {
  if (words.length === 0) return null;
  if (words.length === 1 && words[0] === "-") return stdin.text(largestBytes);
  return words.join(" ");
}

async function readWhole(from: string, cwd: string, stdin: Stdin): Promise<ScheduleRequest> {
  const text =
    from === "-"
      ? await stdin.text(largestBytes)
      : await readFile(resolve(cwd, from), "utf8").catch((error: unknown) => {
          throw systemError(`The request ${join(from)} cannot be read`, error);
        });
  try {
    const given: unknown = JSON.parse(text);
    // The service judges it, field by field, and says what is wrong.
    if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("wrong_use", `The request is not JSON: ${reason}`, "Mend it, and try again.", {
      cause,
    });
  }
  throw new CliError(
    "wrong_use",
    "The request is not an object of JSON",
    "`GET /docs` of the service has its fields.",
  );
}

function readNetwork(text: string): NonNullable<ScheduleRequest["network"]> {
  if (text === "none" || text === "full") return text;
  return { allow: text.split(",").map((host) => host.trim()) };
}
