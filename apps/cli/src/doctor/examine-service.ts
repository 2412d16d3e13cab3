import { type Client, type Components, createClient, ProblemError } from "@longshore/client";
import { describeError } from "../describe-error.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Settings } from "../settings/read-settings.ts";
import { bad, type Finding, good, note } from "./finding.ts";

/** For one answer: who waits for a doctor wants to know soon. */
const timeoutMs = 5_000;

/** Looks at one thing after the other, and no further than it makes sense. */
export async function examineService(
  settings: Settings,
  version: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { url, urlFrom, apiKey, config, keyKeptBack } = settings;
  const client = createClient({ url, apiKey: apiKey ?? undefined, timeoutMs, retries: 0 });
  const findings: Finding[] = [good("address", `${url.href}, from ${urlFrom}`)];
  if (config.isOpenToOthers)
    findings.push(
      note("config", `${config.path} holds a key, and others may read it`, `chmod 600 ${config.path}`),
    );
  if (keyKeptBack !== null) findings.push(note("config", keyKeptBack, "Set LONGSHORE_API_KEY."));
  const reached = await examineVersion(client, version, signal);
  findings.push(reached);
  if (reached.state === "bad") return findings;
  const key = await examineKey(client, settings, signal);
  findings.push(key);
  if (key.state !== "bad") findings.push(...(await examineParts(client, signal)));
  return findings;
}

async function examineVersion(client: Client, version: string, signal: AbortSignal): Promise<Finding> {
  try {
    const home = await client.home({ signal });
    if (home.name !== "longshore")
      return bad(
        "service",
        `what answers calls itself ${home.name}`,
        "Check the address.",
        exitCodes.serviceAway,
      );
    if (home.version === version) return good("service", `Longshore ${home.version}, as this command`);
    return note(
      "service",
      `Longshore ${home.version}; this command is ${version}`,
      "Take the command of the service's version, if something is missing or refused.",
    );
  } catch (error) {
    return fromError(
      "service",
      error,
      "Start the service (`npm start`), or set LONGSHORE_URL to where it runs.",
    );
  }
}

async function examineKey(
  client: Client,
  { apiKey, apiKeyFrom }: Settings,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    for await (const _ of client.list({}, { pageSize: 1, signal })) break;
    return apiKey === null
      ? good("key", "none is needed")
      : good("key", `that of ${apiKeyFrom ?? ""} is taken, and may read`);
  } catch (error) {
    const next =
      apiKey === null
        ? "Make a key on the service (`npm run keys -- create --name me`), and set LONGSHORE_API_KEY to it."
        : `Set another key in ${apiKeyFrom ?? "LONGSHORE_API_KEY"}; \`npm run keys -- create\` on the service makes one.`;
    return fromError("key", error, next);
  }
}

async function examineParts(client: Client, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const { components } = await client.ready({ signal });
    return describeParts(components, "note");
  } catch (error) {
    if (error instanceof ProblemError && error.components !== null)
      return describeParts(error.components, "bad");
    return [fromError("ready", error, "Look at the service's log.")];
  }
}

/** Where jobs cannot run, what is away is why; otherwise jobs run without it. */
function describeParts(components: Components, away: "note" | "bad"): readonly Finding[] {
  return Object.entries(components).map(([name, { state, reason }]) => {
    const detail = reason === null ? state : `${state}: ${reason}`;
    if (state === "ok") return good(name, detail);
    const next =
      name === "workers" ? "Start a worker: `npm run start:worker`, or `npm start` for all." : null;
    return state === "away" && away === "bad"
      ? bad(name, detail, next ?? `Mend the ${name} of the service as it says.`, exitCodes.serviceAway)
      : note(name, detail, next);
  });
}

function fromError(what: string, error: unknown, nextStep: string): Finding {
  const { exitCode, json } = describeError(error);
  if (exitCode === exitCodes.bug) throw error;
  const { message } = json["error"] as { readonly message: string }; // safety: describeError made it.
  return bad(what, message, nextStep, exitCode);
}
