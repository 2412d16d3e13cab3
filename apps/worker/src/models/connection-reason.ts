const nameFailures = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NONAME", "ENODATA"]);
const lateFailures = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);
const cutFailures = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
const tlsForm = /^(?:ERR_SSL_|ERR_TLS_|CERT_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * Why a connection failed, for a person. Only the error's code is used: its message can hold an address,
 * and an address can hold a key.
 */
export function connectionReason(error: unknown): { readonly timedOut: boolean; readonly reason: string } {
  const code = errorCode(error);
  if (code === null) return { timedOut: false, reason: "the connection failed" };
  if (lateFailures.has(code)) return { timedOut: true, reason: `it did not answer in time (${code})` };
  return { timedOut: false, reason: `${sentence(code)} (${code})` };
}

function sentence(code: string): string {
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (nameFailures.has(code)) return "its host name could not be resolved";
  if (tlsForm.test(code)) return "no TLS connection could be made";
  if (cutFailures.has(code)) return "the connection was cut";
  return "the connection failed";
}

/** The system's code of an error, looked for down its chain of causes. */
function errorCode(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ("code" in current && typeof current.code === "string" && /^[A-Z0-9_]{1,60}$/.test(current.code))
      return current.code;
    current = current.cause;
  }
  return null;
}
