import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ScheduleRequest } from "@longshore/client";
import { CliError, systemError } from "../cli-error.ts";
import type { Surroundings } from "../surroundings.ts";
import type { RequestOptions } from "./request-options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `NAME=value`, or `NAME` alone for the value that it has in this shell. */
export function readEnv(given: readonly string[], env: Environment): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [name, value] = split(text);
      return [name, value ?? ofShell(name, env, `give ${name}=value`)];
    }),
  );
}

/** `NAME` or `NAME=@file`: what is written on the command line itself, all on the machine can read. */
export async function readSecrets(
  given: readonly string[],
  { env, cwd }: Surroundings,
): Promise<Record<string, string>> {
  const secrets = given.map(async (text): Promise<readonly [string, string]> => {
    const [name, value] = split(text);
    if (value === null) return [name, ofShell(name, env, `give --secret ${name}=@FILE`)];
    if (!value.startsWith("@"))
      throw new CliError(
        "wrong_use",
        `The secret ${name} is written on the command line, where others can read it`,
        `Set it in the environment and give --secret ${name}, or give --secret ${name}=@FILE.`,
      );
    // The newline at the end of a file is the editor's.
    return [name, (await readSecret(name, resolve(cwd, value.slice(1)))).replace(/\r?\n$/, "")];
  });
  return Object.fromEntries(await Promise.all(secrets));
}

async function readSecret(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw systemError(`The secret ${name} cannot be read`, error);
  }
}

export function readLabels(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [key, value] = split(text);
      if (value === null)
        throw new CliError("wrong_use", `The label ${key} has no value`, `Give it as ${key}=value.`);
      return [key, value];
    }),
  );
}

export function readLimits({ timeout, limit = [] }: RequestOptions): NonNullable<ScheduleRequest["limits"]> {
  const limits = limit.map((text): readonly [string, number] => {
    const [name, value] = split(text);
    if (value === null || !/^\d{1,12}(?:\.\d{1,6})?$/.test(value))
      throw new CliError("wrong_use", `The limit ${name} has no number`, "Give it as memory_mb=2048.");
    return [name, Number(value)];
  });
  return Object.fromEntries([
    ...(timeout === undefined ? [] : [["timeout_seconds", timeout] as const]),
    ...limits,
  ]);
}

function split(text: string): readonly [string, string | null] {
  const at = text.indexOf("=");
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function ofShell(name: string, env: Environment, instead: string): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new CliError("wrong_use", `${name} is not set in this shell`, `Set it, or ${instead}.`);
}
