import { z } from "zod";
import { longestRule, readEgressRule } from "./egress-rule.ts";

/** Most entries of `network.allow`. */
export const mostRules = 64;

const rule = z
  .string()
  .max(longestRule)
  .superRefine((text, context) => {
    const read = readEgressRule(text);
    if (!read.ok) context.addIssue({ code: "custom", message: read.failure });
  })
  .meta({
    description:
      "`host` or `*.host` (any name below host, not host itself), each with an optional `:port`; ports 80 and 443 otherwise. " +
      "An address counts only where it is listed itself.",
  });

/** `network` of a request. `full` is only for those whom the operator permits it. */
export function network(permitsFull: boolean) {
  const word = z.enum(["none", "full"]).refine((given) => given !== "full" || permitsFull, {
    error: 'must be "none" or {"allow": […]}: the operator does not permit "full" here (ALLOW_FULL_NETWORK)',
  });
  return z.union([word, z.strictObject({ allow: z.array(rule).max(mostRules) })]).meta({
    description:
      "What the Sandbox may reach, through the proxy that HTTP_PROXY, HTTPS_PROXY and ALL_PROXY name: nothing (`none`), " +
      "the listed hosts, or every public address (`full`, where the operator permits it). Private, link-local and loopback " +
      "addresses, and the service's own, are out of reach in every mode.",
  });
}

/** What a Job may reach. */
export type NetworkRequest = z.output<ReturnType<typeof network>>;
