import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CliError, systemError } from "../cli-error.ts";

export interface ConfigFile {
  readonly path: string;
  readonly isThere: boolean;
  /** Whether others on this machine may read the key that is in it. */
  readonly isOpenToOthers: boolean;
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
}

const advice =
  'It holds JSON: {"url": "https://longshore.example.org", "api_key": "lsk_…"}, each may be left out.';
const largestBytes = 64 * 1024;

/** The config file, where there is one. LONGSHORE_CONFIG names it; otherwise it is where the system keeps such files. */
export async function readConfigFile(env: Readonly<Record<string, string | undefined>>): Promise<ConfigFile> {
  const path = configPath(env);
  try {
    const { size, mode } = await stat(path);
    if (size > largestBytes)
      throw new CliError("wrong_use", `${path} is no config file: it is too large`, advice);
    const { url, api_key: apiKey } = parseConfig(path, await readFile(path, "utf8"));
    // Windows has no such bits, and tells all as set.
    const isOpenToOthers = apiKey !== undefined && process.platform !== "win32" && (mode & 0o077) !== 0;
    return { ...{ path, isThere: true, isOpenToOthers }, url, apiKey };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || (env["LONGSHORE_CONFIG"] ?? "") !== "")
      throw systemError(`The config file ${path} cannot be read`, error);
    return { ...{ path, isThere: false, isOpenToOthers: false }, url: undefined, apiKey: undefined };
  }
}

function configPath(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["LONGSHORE_CONFIG"] ?? "";
  if (named !== "") return named;
  const home = (env["HOME"] ?? "") === "" ? homedir() : String(env["HOME"]);
  const ofSystem = process.platform === "win32" ? env["APPDATA"] : env["XDG_CONFIG_HOME"];
  return join((ofSystem ?? "") === "" ? join(home, ".config") : String(ofSystem), "longshore", "config.json");
}

function parseConfig(path: string, text: string): { readonly url?: string; readonly api_key?: string } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    // Not the parser's words, which show a part of the file: it holds a key.
    throw new CliError("wrong_use", `${path} is not JSON`, advice, { cause });
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new CliError("wrong_use", `${path} is not an object of JSON`, advice);
  for (const [name, value] of Object.entries(given)) {
    if (name !== "url" && name !== "api_key")
      throw new CliError("wrong_use", `${path} has a field that is not known: ${name}`, advice);
    if (typeof value !== "string")
      throw new CliError("wrong_use", `${name} in ${path} is not a text`, advice);
  }
  return given;
}
