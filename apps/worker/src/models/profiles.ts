import type { AnswerFormat } from "./answer-format.ts";

export type ProfileName = "alchemyst" | "openai" | "ollama" | "custom";

/** The primary provider, every setting decided. */
export interface PrimarySettings {
  readonly profile: ProfileName;
  /** Up to where `/chat/completions` is added. Can hold a key: never shown. */
  readonly baseUrl: string;
  readonly model: string;
  /** Null for servers without keys; then no Authorization is sent. */
  readonly apiKey: string | null;
  /** Strictest first. */
  readonly formats: readonly [AnswerFormat, ...AnswerFormat[]];
}

/** The fallback provider, every setting decided. */
export interface FallbackSettings {
  /** Without the version path. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string;
}

interface Profile {
  readonly baseUrl: string | null;
  readonly model: string | null;
  readonly formats: PrimarySettings["formats"];
  readonly matches: (url: URL) => boolean;
}

const everyFormat = ["json_schema", "json_object", "none"] as const;

/** Known OpenAI-compatible services: what is asked where the settings are silent, and how far each can be held to JSON. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  alchemyst: {
    baseUrl: "https://platform-backend.getalchemystai.com/api/v1/proxy/default",
    model: "alchemyst-ai/alchemyst-c1",
    // Its documented request has no response_format.
    formats: ["none"],
    matches: (url) => /(?:^|\.)getalchemystai\.com$/.test(url.hostname),
  },
  openai: {
    baseUrl: "https://api.openai.com/v1",
    model: "gpt-5.4-mini",
    formats: everyFormat,
    matches: (url) => url.hostname === "api.openai.com",
  },
  ollama: { baseUrl: null, model: null, formats: everyFormat, matches: (url) => url.port === "11434" },
  custom: { baseUrl: null, model: null, formats: everyFormat, matches: () => true },
};

export const geminiDefaults = {
  baseUrl: "https://generativelanguage.googleapis.com",
  model: "gemini-2.5-flash",
} as const;

/** The profile of an address that somebody set. */
export function profileOf(baseUrl: string): ProfileName {
  const url = new URL(baseUrl);
  // safety: Object.keys of a record over ProfileName gives exactly those names.
  const names = Object.keys(profiles) as ProfileName[];
  return names.find((name) => profiles[name].matches(url)) ?? "custom";
}
