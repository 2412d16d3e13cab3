import type { Environment } from "./parse-settings.ts";

const secretNames = [
  "PRIMARY_API_KEY",
  "ALCHEMYST_API_KEY",
  "OPENAI_API_KEY",
  "GEMINI_API_KEY",
  "SECRETS_KEY",
  "SECRETS_KEY_PREVIOUS",
] as const;
const urlNames = ["DATABASE_URL", "REDIS_URL"] as const;

// A shorter one, or one that is a name as well (the password "longshore" of the user longshore), is no secret, and
// without it half of the log would be stars.
const shortestBytes = 8;

/** What of the operator's settings must be in no log: keys, and the passwords of addresses, as written and as they are. */
export function operatorSecrets(env: Environment): readonly string[] {
  const keys = secretNames.flatMap((name) => env[name]?.split(",") ?? []);
  const found = [...keys, ...urlNames.flatMap((name) => passwordsOf(env[name]))].map((each) => each.trim());
  return [...new Set(found)].filter((each) => Buffer.byteLength(each) >= shortestBytes);
}

function passwordsOf(address: string | undefined): readonly string[] {
  const url = URL.parse(address?.trim() ?? "");
  if (url === null || url.password === "") return [];
  const { username, password, hostname, pathname } = url;
  if ([username, hostname, pathname.slice(1)].includes(password)) return [];
  return [password, decoded(password)];
}

/** As it is where it is not percent-encoded rightly. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
