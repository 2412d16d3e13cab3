import { LongshoreError } from "./longshore-error.ts";

/** The service was not reached, or not in time, also after trying again. `cause` is what was met last. */
export class ConnectionError extends LongshoreError {
  override readonly name = "ConnectionError";
  readonly code = "connection_failed";
  readonly advice: string;

  constructor(url: string, cause: unknown) {
    super(`${new URL(url).origin} cannot be reached: ${reasonOf(cause)}`, { cause });
    this.advice = "Check the address, and that the service runs (`npm start`).";
  }
}

/** Platforms say "fetch failed" and keep the reason below. */
function reasonOf(cause: unknown): string {
  let reason = String(cause);
  for (let each = cause; each instanceof Error; each = each.cause) {
    reason = each.message === "" && "code" in each ? String(each.code) : each.message;
  }
  return reason;
}
