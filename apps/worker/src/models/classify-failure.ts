import type { Exchange } from "./exchange.ts";
import type { ModelAnswer } from "./model-provider.ts";
import { redact } from "./redact.ts";

type FailedAnswer = Exclude<ModelAnswer, { readonly outcome: "ok" }>;
type FailureOutcome = FailedAnswer["outcome"];

/** An answer that failed, with no tokens unless said. */
export function failedAnswer(
  outcome: FailureOutcome,
  reason: string,
  more: {
    readonly retryAfterMs?: number | null;
    readonly inputTokens?: number;
    readonly outputTokens?: number;
  } = {},
): FailedAnswer {
  const { retryAfterMs = null, inputTokens = 0, outputTokens = 0 } = more;
  return { outcome, reason, retryAfterMs, inputTokens, outputTokens };
}

/**
 * Why a call threw. The wire's facts decide, in the order in which they happened; the libraries' errors are not
 * asked, as theirs lose headers and mix a time-out with a stop. `secrets` never appear in the reason.
 */
export function classifyFailure(
  exchange: Exchange,
  signal: AbortSignal,
  secrets: readonly string[],
): FailedAnswer {
  const { status, fault } = exchange;
  if (fault !== null) return failedAnswer(fault.outcome, fault.reason);
  if (status !== null && (status < 200 || status > 299)) return classifyStatus(status, exchange, secrets);
  if (signal.aborted) {
    return isTimeout(signal.reason)
      ? failedAnswer("timeout", "it did not answer in the time that a call has")
      : failedAnswer("connection", "the call was stopped by this side");
  }
  if (status !== null) return failedAnswer("malformed", "its answer is not the JSON of its protocol");
  return failedAnswer("bad_request", "the request could not be made from the settings");
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function classifyStatus(status: number, exchange: Exchange, secrets: readonly string[]): FailedAnswer {
  const answered = `it answered ${String(status)}`;
  if (status === 401 || status === 402 || status === 403 || isInvalidGeminiKey(exchange)) {
    return failedAnswer("refused_key", `${answered}: the key is refused`); // its words are not shown: they quote keys
  }
  if (status === 429) {
    const retryAfterMs = exchange.retryAfterMs ?? readRetryDelay(exchange.errorText);
    const wait =
      retryAfterMs === null ? "" : `, to be asked again in ${String(Math.ceil(retryAfterMs / 1_000))} s`;
    return failedAnswer("rate_limited", `${answered}${wait}`, { retryAfterMs });
  }
  if (status === 408) return failedAnswer("timeout", answered);
  if (status >= 500) return failedAnswer("server_error", answered, { retryAfterMs: exchange.retryAfterMs });
  if (status < 400)
    return failedAnswer("bad_request", `${answered}: a redirect is not followed, correct the address`);
  const words = redact(readMessage(exchange.errorText), secrets);
  return failedAnswer("bad_request", words === "" ? answered : `${answered}: ${words}`);
}

/** Gemini answers 400, and not 401, to a key that it does not know. */
function isInvalidGeminiKey({ status, errorText }: Exchange): boolean {
  return status === 400 && /API_KEY_INVALID|API key not valid/i.test(errorText);
}

/** Gemini says how long to wait in the body (google.rpc.RetryInfo), not in a header. */
function readRetryDelay(errorText: string): number | null {
  const seconds = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d+)?)s"/.exec(errorText)?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1_000);
}

/** The message of an error's body in the form that both protocols use; of any other form nothing is shown. */
function readMessage(errorText: string): string {
  return (
    /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(errorText.slice(0, 4_096))?.[1]?.replace(/\\./g, " ") ?? ""
  );
}
