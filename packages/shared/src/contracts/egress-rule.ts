import { isIPv4, isIPv6 } from "node:net";
import { fail, type Result, succeed } from "../domain/result.ts";

/** A host as a rule or a client names it: in the one way of writing it that counts. */
export interface EgressHost {
  readonly type: "name" | "address";
  /** An IPv6 address without its brackets. */
  readonly text: string;
}

/** One entry of `network.allow`. */
export interface EgressRule {
  readonly host: EgressHost;
  /** Any name below `host`, at any depth, and not `host` itself. */
  readonly isWildcard: boolean;
  /** Null: 80 and 443. */
  readonly port: number | null;
}

/** Longest entry: "*.", a name of 253 characters, ":65535". */
export const longestRule = 261;

const nameForm = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const numberForm = /^(?:\d+|0x[0-9a-f]*)$/;
const portForm = /^[1-9]\d{0,4}$/;
const longestName = 253;
const lastPort = 65_535;

/** Reads an entry of `network.allow`: `host`, `*.host`, either with `:port`. Fails with a sentence about what is wrong. */
export function readEgressRule(text: string): Result<EgressRule, string> {
  const parts = splitPort(text);
  if (!parts.ok) return parts;
  const isWildcard = parts.value.host.startsWith("*.");
  const host = readHost(isWildcard ? parts.value.host.slice(2) : parts.value.host);
  if (!host.ok) return host;
  if (isWildcard && host.value.type === "address") return fail("must not put a wildcard before an address");
  return succeed({ host: host.value, isWildcard, port: parts.value.port });
}

/** Takes `host`, `host:port`, `[v6]` and `[v6]:port` apart. */
export function splitPort(
  text: string,
): Result<{ readonly host: string; readonly port: number | null }, string> {
  const colon = text.indexOf(":", text.startsWith("[") ? text.indexOf("]") + 1 : 0);
  if (colon === -1) return succeed({ host: text, port: null });
  const port = text.slice(colon + 1);
  if (!portForm.test(port) || Number(port) > lastPort) {
    return fail(
      'must have a port of 1 to 65535 behind its colon, and an IPv6 address in brackets: "[2001:db8::1]:443"',
    );
  }
  return succeed({ host: text.slice(0, colon), port: Number(port) });
}

/**
 * Reads a host: an ASCII name in lower case without a final dot, an IPv4 address as four decimal numbers, or an IPv6
 * address in brackets in its shortest form. Other notations of an address, which some programs would take, are faults.
 */
export function readHost(text: string): Result<EgressHost, string> {
  if (text.startsWith("[")) return readBracketed(text);
  if (isIPv4(text)) return succeed({ type: "address", text });
  if (text.endsWith(".")) return fail("must not end with a dot");
  const labels = text.split(".");
  if (text.length > longestName || !labels.every((label) => nameForm.test(label))) {
    return fail("must be a host's name: a–z in lower case, 0–9, hyphens and dots (another script as xn--…)");
  }
  if (numberForm.test(labels.at(-1) ?? "")) {
    return fail("must be a name, or an IPv4 address as four decimal numbers without leading zeros");
  }
  return succeed({ type: "name", text });
}

function readBracketed(text: string): Result<EgressHost, string> {
  const inside = text.slice(1, -1);
  // A zone ("%eth0") would be a way to name an interface of the worker's machine.
  const isCanonical =
    text.endsWith("]") &&
    isIPv6(inside) &&
    !inside.includes("%") &&
    new URL(`http://${text}`).hostname === text;
  return isCanonical
    ? succeed({ type: "address", text: inside })
    : fail("must be an IPv6 address in its shortest form, in lower case, in brackets");
}
