import { connectionReason } from "./connection-reason.ts";

/** What went wrong below the protocol, in the terms of the call's record. */
export interface WireFault {
  readonly outcome: "timeout" | "connection" | "empty" | "malformed";
  readonly reason: string;
}

/** What one HTTP request to a provider gave, whatever the client library makes of it. */
export interface Exchange {
  /** Null until the head of an answer came. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** The beginning of an error's body; may hold what the provider echoes, keys included. */
  readonly errorText: string;
  readonly fault: WireFault | null;
}

/** Bytes of an answer that are read at most: a plan of several megabytes is no plan. */
export const mostAnswerBytes = 4 * 1024 * 1024;
const mostErrorBytes = 64 * 1024;
const longestRetryAfterMs = 86_400_000;

/**
 * A `fetch` for one request, and what it saw. The client libraries take an answer of any size and type, and
 * lose status or headers in their errors; here the whole body is read within the bound and under the call's
 * signal, before a library sees it. Redirects are not followed: custom key headers would go along.
 */
export function createExchange(): { readonly fetch: typeof fetch; readonly seen: () => Exchange } {
  const systemFetch = globalThis.fetch; // taken now: the caller may put this one in its place
  let seen: Exchange = { status: null, retryAfterMs: null, errorText: "", fault: null };

  function refuse(fault: WireFault): Error {
    seen = { ...seen, fault };
    return new Error(fault.reason);
  }

  async function boundedFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    try {
      const response = await systemFetch(input, { ...init, redirect: "manual" });
      const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), Date.now());
      seen = { ...seen, status: response.status, retryAfterMs };
      return response.ok ? await takeAnswer(response) : await takeError(response);
    } catch (error) {
      if (seen.fault !== null || init?.signal?.aborted === true) throw error;
      const { timedOut, reason } = connectionReason(error);
      throw refuse({ outcome: timedOut ? "timeout" : "connection", reason });
    }
  }

  async function takeAnswer(response: Response): Promise<Response> {
    const { bytes, complete } = await readBytes(response, mostAnswerBytes);
    if (!complete)
      throw refuse({ outcome: "malformed", reason: `its answer is over ${String(mostAnswerBytes)} bytes` });
    if (bytes.toString("utf8").trim() === "")
      throw refuse({ outcome: "empty", reason: "its answer is empty" });
    const mediaType = readMediaType(response.headers.get("content-type"));
    if (!isJsonType(mediaType))
      throw refuse({ outcome: "malformed", reason: `it answered ${mediaType} instead of JSON` });
    return new Response(bytes, { status: response.status, headers: { "content-type": "application/json" } });
  }

  async function takeError(response: Response): Promise<Response> {
    const { bytes } = await readBytes(response, mostErrorBytes).catch(() => ({ bytes: Buffer.alloc(0) })); // the status says enough
    seen = { ...seen, errorText: bytes.toString("utf8") };
    return new Response(bytes, { status: response.status, headers: response.headers });
  }

  return { fetch: boundedFetch, seen: () => seen };
}

/** Reads up to `most` bytes, decompressed; leaving the loop cancels the rest. */
async function readBytes(response: Response, most: number): Promise<{ bytes: Buffer; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > most) return { bytes: Buffer.concat(chunks).subarray(0, most), complete: false };
  }
  return { bytes: Buffer.concat(chunks), complete: true };
}

/** The media type alone, in a form that can be shown. */
function readMediaType(header: string | null): string {
  const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
  return /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/.test(type) ? type : "no media type";
}

function isJsonType(mediaType: string): boolean {
  return mediaType === "application/json" || mediaType.endsWith("+json");
}

/** Retry-After in milliseconds from `nowMs` (RFC 9110 10.2.3: seconds, or a date); null where there is none. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  if (Number.isNaN(waitMs)) return null;
  return Math.min(Math.max(waitMs, 0), longestRetryAfterMs);
}
