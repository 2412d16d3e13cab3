import { createHash, timingSafeEqual } from "node:crypto";

export interface Guard {
  /** Names, without ports, by which the server may be asked. */
  readonly hosts: ReadonlySet<string>;
  /** Pages of these origins may ask; others may not, be they of this machine. */
  readonly origins: ReadonlySet<string>;
  /** What has to come as a bearer token; null where none is needed. */
  readonly token: string | null;
}

/**
 * What a request is answered that comes from a page that may not ask; null where it may go on. A page of a stranger
 * reaches loopback by a name that it lets lead there (DNS rebinding): its Host is that name, and its Origin is the page's.
 */
export function refuseStranger(request: Request, { hosts, origins }: Guard): Response | null {
  if (!hosts.has(hostOf(request)))
    return refuse(403, "This is not a name of this server (see --allow-host).");
  const origin = request.headers.get("origin");
  if (origin !== null && !origins.has(origin))
    return refuse(403, "Pages of this origin may not ask (see --allow-origin).");
  return null;
}

/** What a request without the token is answered; null where it may go on. */
export function refuseTokenless(request: Request, { token }: Guard): Response | null {
  if (token === null) return null;
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(token)) ? null : refuse(401, "The token is missing or wrong.");
}

/** Empty where the header is missing or no name. */
function hostOf({ headers }: Request): string {
  const address = `http://${headers.get("host") ?? ""}`;
  return URL.canParse(address) ? new URL(address).hostname : "";
}

export function refuse(status: number, message: string): Response {
  const body = { jsonrpc: "2.0", error: { code: -32_000, message }, id: null };
  const more = status === 401 ? { "www-authenticate": "Bearer" } : {};
  return Response.json(body, { status, headers: more });
}

/** So that both have one length. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
