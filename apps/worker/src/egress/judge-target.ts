import {
  type EgressHost,
  type EgressRule,
  readEgressRule,
  readHost,
  splitPort,
} from "@longshore/shared/contracts/egress-rule";
import type { NetworkRequest } from "@longshore/shared/contracts/network";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** What a program in the Sandbox wants to reach. */
export interface Target {
  readonly host: EgressHost;
  readonly port: number;
}

/** What a Job may reach by name. What the names lead to is judged by the addresses. */
export type Reach =
  { readonly type: "full" } | { readonly type: "listed"; readonly rules: readonly EgressRule[] };

const portsUnlessGiven = [80, 443];

/** What a request asks for, as far as the operator permits it now. Null where nothing is to be reached. */
export function toReach(network: NetworkRequest, permitsFull: boolean): Reach | null {
  if (network === "none") return null;
  if (network === "full") return permitsFull ? { type: "full" } : { type: "listed", rules: [] };
  return {
    type: "listed",
    rules: network.allow.flatMap((text) => {
      const rule = readEgressRule(text);
      return rule.ok ? [rule.value] : [];
    }),
  };
}

/**
 * Reads `host:port` as a program wrote it. Names are the same in either case; in everything else there is one way of
 * writing them, so that nobody downstream can read another host than was judged. Fails with a sentence's end.
 */
export function readTarget(authority: string, defaultPort: number | null): Result<Target, string> {
  const parts = splitPort(authority.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));
  if (!parts.ok) return fail("its port is none");
  const host = readHost(parts.value.host);
  if (!host.ok) return fail("its host is neither a plain name nor a plain address");
  const port = parts.value.port ?? defaultPort;
  return port === null ? fail("it has no port") : succeed({ host: host.value, port });
}

/** Why the target is out of reach, as a sentence's end, or null. */
export function judgeTarget(reach: Reach, target: Target): string | null {
  if (reach.type === "full" || reach.rules.some((rule) => matches(rule, target))) return null;
  return "it is not in network.allow";
}

function matches(rule: EgressRule, { host, port }: Target): boolean {
  if (!(rule.port === null ? portsUnlessGiven : [rule.port]).includes(port)) return false;
  if (rule.isWildcard) return host.type === "name" && host.text.endsWith(`.${rule.host.text}`);
  return rule.host.type === host.type && rule.host.text === host.text;
}

/** The target as it is written in a log and in a Host header. */
export function describeTarget({ host, port }: Target): string {
  return `${bracketed(host)}:${String(port)}`;
}

/** The value of a Host header: without the port where it is HTTP's own. */
export function hostHeader(target: Target): string {
  return target.port === 80 ? bracketed(target.host) : describeTarget(target);
}

function bracketed({ text }: EgressHost): string {
  return text.includes(":") ? `[${text}]` : text;
}
