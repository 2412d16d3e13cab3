import { isIP } from "node:net";

export interface LocalRequest {
  /** Of the Host header, as sent. */
  readonly host: string;
  readonly origin: string | undefined;
}

/** Why a service without keys does not take a request: it comes from a web page, and not from who uses this machine. */
export type ForeignRequest = "host_not_allowed" | "origin_not_allowed";

/**
 * Looks at a request to a service that has no keys, and so trusts whoever reaches its loopback address. A page in a
 * browser of this machine reaches it, too: under a name of its own that it lets point here (DNS rebinding), which Host
 * tells, or across sites, which Origin tells. `origins` are those that CORS permits. Null where it may pass.
 *
 * An address in Host is where the browser went. Who lets a name point elsewhere must own it, and nobody owns `localhost`
 * or a name without a dot.
 */
export function findForeign(
  { host, origin }: LocalRequest,
  origins: readonly string[],
): ForeignRequest | null {
  const name = nameOf(host);
  if (name === null || !isNobodys(name)) return "host_not_allowed";
  // The page that the service itself serves, /docs, asks from there.
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  return isOwn || origins.includes(origin) ? null : "origin_not_allowed";
}

function isNobodys(name: string): boolean {
  return isIP(name) !== 0 || !name.includes(".") || name.endsWith(".localhost");
}

function nameOf(host: string): string | null {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replaceAll(/^\[|\]$/g, "") : null;
}
