import { CliError } from "../cli-error.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { keyForAddress } from "./key-for-address.ts";

/** Which service, and who asks. Each says where it was found, for `longshore doctor`. */
export interface Settings {
  readonly url: URL;
  readonly urlFrom: string;
  readonly apiKey: string | null;
  /** Null where there is none. */
  readonly apiKeyFrom: string | null;
  /** Why the config file's key is not sent to this address, and what to do; null where that is no question. */
  readonly keyKeptBack: string | null;
  readonly config: ConfigFile;
}

/** What `npm start` listens on. */
const defaultUrl = "http://127.0.0.1:8000";

/** The option wins over the environment, and that over the config file. Throws a CliError where one is not valid. */
export async function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  urlOption: string | undefined,
): Promise<Settings> {
  const config = await readConfigFile(env);
  const [address, urlFrom] = firstGiven(
    [urlOption, "--url"],
    [env["LONGSHORE_URL"], "LONGSHORE_URL"],
    [config.url, config.path],
  ) ?? [defaultUrl, "the default"];
  const url = readUrl(address, urlFrom);
  const { key, keptBack } = keyForAddress(config, url);
  const ofEnv = firstGiven([env["LONGSHORE_API_KEY"], "LONGSHORE_API_KEY"]);
  const [apiKey, apiKeyFrom] = ofEnv ?? firstGiven([key, config.path]) ?? [null, null];
  return {
    ...{ url, urlFrom, apiKeyFrom, config },
    apiKey: apiKey === null ? null : readKey(apiKey, apiKeyFrom ?? ""),
    keyKeptBack: ofEnv === null ? keptBack : null,
  };
}

/** What is set to nothing is not set. */
function firstGiven(
  ...places: readonly (readonly [string | undefined, string])[]
): readonly [string, string] | null {
  for (const [value = "", from] of places) if (value.trim() !== "") return [value.trim(), from];
  return null;
}

function readUrl(text: string, from: string): URL {
  const advice = "It looks like http://127.0.0.1:8000, or https://longshore.example.org.";
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new CliError("wrong_use", `The address of ${from} is not one of HTTP: ${text}`, advice);
  if (url.username !== "" || url.password !== "")
    throw new CliError(
      "wrong_use",
      `The address of ${from} holds a password`,
      "Leave it out: Longshore knows API keys alone.",
    );
  if (url.search !== "" || url.hash !== "")
    throw new CliError(
      "wrong_use",
      `The address of ${from} has a query or a fragment (? or #)`,
      `Leave it out: the service's routes come behind the address. ${advice}`,
    );
  return url;
}

function readKey(key: string, from: string): string {
  // What else would be refused as a header, with words that do not help; the key itself is shown nowhere.
  if (/^[\x21-\x7e]{1,500}$/.test(key)) return key;
  throw new CliError(
    "wrong_use",
    `The API key of ${from} holds characters that no key has`,
    "Copy it again: it begins with lsk_.",
  );
}
