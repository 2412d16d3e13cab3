import type { Job } from "@longshore/client";
import { formatDuration } from "../../format/duration.ts";

type ModelCall = Job["usage"]["calls"][number];

const met: Readonly<Record<Exclude<ModelCall["outcome"], "ok">, string>> = {
  rate_limited: "takes no more requests at the moment",
  timeout: "did not answer in time",
  connection: "could not be reached",
  server_error: "failed",
  refused_key: "refused the key",
  bad_request: "refused the request",
  empty: "answered nothing",
  malformed: "answered what is no plan",
  invalid_plan: "answered a plan that is not valid",
  refusal: "declined",
  circuit_open: "was not asked: it had failed several times in a row",
};

/** What happened in a call, as part of a story: "The fallback answered after 1.2 s". */
export function tellCall(call: ModelCall, before: ModelCall | null): string {
  const who = call.provider === "fallback" ? "The fallback" : "The primary";
  const turned = before !== null && before.outcome !== "ok" && before.provider !== call.provider;
  // Behind the fallback nobody is left: who is asked then is asked in the next turn.
  const instead = turned ? (call.provider === "fallback" ? "Instead: " : "In a new turn: ") : "";
  const did =
    call.outcome === "ok"
      ? `answered with a plan after ${formatDuration(call.duration_ms)}`
      : `${met[call.outcome]}${call.duration_ms > 0 ? ` (${formatDuration(call.duration_ms)})` : ""}`;
  return `${instead}${instead === "" ? who : who.toLowerCase()} ${did}.`;
}
