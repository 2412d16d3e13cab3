import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { type ModelPrices, parseModelPrices } from "./model-prices.ts";
import {
  type FallbackSettings,
  geminiDefaults,
  type PrimarySettings,
  type ProfileName,
  profileOf,
  profiles,
} from "./profiles.ts";

/** The model providers as configured; both null where there is none, and only the literal planner is left. */
export interface ModelSettings {
  readonly primary: PrimarySettings | null;
  readonly fallback: FallbackSettings | null;
  /** From the first byte sent to the last byte read. */
  readonly callTimeoutMs: number;
  /** Null where none are told. */
  readonly prices: ModelPrices | null;
}

/** Over 300 s only a server that sends its head early is waited for: Node's fetch gives up on a head then. */
const timeoutSeconds = { min: 1, max: 600, default: 60 };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the model variables. An empty one counts as unset. All faults are given at once, each naming its variable;
 * values are not repeated, as a key and an address that holds one must not be logged.
 */
export function parseModelSettings(env: Environment): Result<ModelSettings, readonly string[]> {
  const faults: string[] = [];
  const read = createReader(env, faults);
  const [primary, fallback] = [parsePrimary(read), parseFallback(read)];
  const settings = {
    ...{ primary, fallback },
    callTimeoutMs: parseTimeout(read),
    prices: parsePrices(read, { primary, fallback }),
  };
  return faults.length === 0 ? succeed(settings) : fail(faults);
}

interface Reader {
  text(name: string): string | null;
  /** Null where it is unset or at fault; the fault is noted. */
  key(name: string): string | null;
  url(name: string): string | null;
  note(fault: string): void;
}

function createReader(env: Environment, faults: string[]): Reader {
  const text = (name: string) => (env[name]?.trim() ?? "") || null;
  const note = (fault: string) => void faults.push(fault);
  function key(name: string): string | null {
    const value = text(name);
    if (value === null || /^[\x21-\x7e]+$/.test(value)) return value;
    note(`${name} must be visible ASCII without spaces`);
    return null;
  }
  function url(name: string): string | null {
    const value = text(name);
    if (value === null) return null;
    const fault = urlFault(value);
    if (fault === null) return value.replace(/(?<!\/)\/+$/, "");
    note(`${name} ${fault}`);
    return null;
  }
  return { text, key, url, note };
}

function urlFault(value: string): string | null {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) return "must be an http:// or https:// address";
  if (url.username !== "" || url.password !== "")
    return "must not hold a user name or password: give the key in its own variable";
  if (url.search !== "" || url.hash !== "") return "must not have a query or a fragment";
  return null;
}

function parsePrimary(read: Reader): PrimarySettings | null {
  const [baseUrl, model, ownKey] = [
    read.url("PRIMARY_BASE_URL"),
    read.text("PRIMARY_MODEL"),
    read.key("PRIMARY_API_KEY"),
  ];
  const serviceKeys = {
    alchemyst: read.key("ALCHEMYST_API_KEY"),
    openai: read.key("OPENAI_API_KEY"),
    ollama: null,
    custom: null,
  };
  if (baseUrl !== null) {
    const profile = profileOf(baseUrl);
    const chosen = model ?? profiles[profile].model;
    // A key of a known service goes to that service only.
    const apiKey = ownKey ?? serviceKeys[profile];
    if (chosen !== null)
      return { profile, baseUrl, model: chosen, apiKey, formats: profiles[profile].formats };
    read.note("PRIMARY_MODEL is needed with PRIMARY_BASE_URL: the name of a model that this server has");
    return null;
  }
  for (const service of ["alchemyst", "openai"] as const) {
    if (serviceKeys[service] !== null && ownKey === null)
      return fromService(service, serviceKeys[service], model);
  }
  if (read.text("PRIMARY_BASE_URL") !== null) return null; // noted above as no address
  if (ownKey !== null) read.note("PRIMARY_API_KEY is set without PRIMARY_BASE_URL: which server is it for?");
  else if (model !== null)
    read.note(
      "PRIMARY_MODEL is set, but no server: set PRIMARY_BASE_URL, ALCHEMYST_API_KEY or OPENAI_API_KEY",
    );
  return null;
}

function fromService(
  service: ProfileName,
  apiKey: string | null,
  model: string | null,
): PrimarySettings | null {
  const profile = profiles[service];
  const chosen = model ?? profile.model;
  if (profile.baseUrl === null || chosen === null) return null;
  return { profile: service, baseUrl: profile.baseUrl, model: chosen, apiKey, formats: profile.formats };
}

function parseFallback(read: Reader): FallbackSettings | null {
  const apiKey = read.key("GEMINI_API_KEY");
  const [baseUrl, model] = [read.url("FALLBACK_BASE_URL"), read.text("FALLBACK_MODEL")];
  if (baseUrl !== null && /\/v\d+(?:(?:alpha|beta)\d*)?$/.test(baseUrl)) {
    read.note("FALLBACK_BASE_URL must be without the version path");
  }
  if (apiKey !== null)
    return { apiKey, baseUrl: baseUrl ?? geminiDefaults.baseUrl, model: model ?? geminiDefaults.model };
  if (read.text("GEMINI_API_KEY") !== null) return null; // noted above as no key
  if (baseUrl !== null)
    read.note("FALLBACK_BASE_URL is set without GEMINI_API_KEY, which the fallback needs");
  if (model !== null) read.note("FALLBACK_MODEL is set without GEMINI_API_KEY, which the fallback needs");
  return null;
}

/** A model that is asked and has no price is a fault: it is misspelt more often than meant, and its cost would be missing. */
function parsePrices(
  read: Reader,
  asked: Readonly<Record<string, { readonly model: string } | null>>,
): ModelPrices | null {
  const text = read.text("MODEL_PRICES");
  if (text === null) return null;
  const prices = parseModelPrices(text);
  if (!prices.ok) {
    read.note(prices.failure);
    return null;
  }
  for (const [role, provider] of Object.entries(asked)) {
    if (provider === null || Object.hasOwn(prices.value.per_million_tokens, provider.model)) continue;
    read.note(
      `MODEL_PRICES has no price for the ${role} model ${provider.model}: add it, 0 where it costs nothing`,
    );
  }
  return prices.value;
}

function parseTimeout(read: Reader): number {
  const { min, max } = timeoutSeconds;
  const value = read.text("MODEL_TIMEOUT_SECONDS");
  if (value === null) return timeoutSeconds.default * 1_000;
  const seconds = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds >= min && seconds <= max) return seconds * 1_000;
  read.note(`MODEL_TIMEOUT_SECONDS must be a whole number from ${String(min)} to ${String(max)}`);
  return timeoutSeconds.default * 1_000;
}
