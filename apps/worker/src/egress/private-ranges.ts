import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import ipaddr from "ipaddr.js";
import { type AddressRange, isWithin } from "./address-policy.ts";

/** What an operator may open, whole or in part. Loopback, link-local (with the metadata services) and the rest are not in it. */
const openable = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

const mostRanges = 64;

/**
 * Reads EGRESS_PRIVATE_RANGES: ranges as `address/bits`, separated by commas, each within one of the private ranges.
 * Fails with a sentence's end.
 */
export function readPrivateRanges(text: string): Result<readonly AddressRange[], string> {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.length > mostRanges) return fail(`must have at most ${String(mostRanges)} ranges`);
  const ranges: AddressRange[] = [];
  for (const entry of entries) {
    const range = readRange(entry);
    if (range === null || !openable.some((outer) => contains(ipaddr.parseCIDR(outer), range))) {
      return fail(`must be ranges such as 10.1.0.0/16, each within one of ${openable.join(", ")}`);
    }
    ranges.push(range);
  }
  return succeed(ranges);
}

function readRange(entry: string): AddressRange | null {
  // Four decimal numbers only: 010.0.0.0/8 would be another range than it looks.
  if (!ipaddr.isValidCIDR(entry) || !/^(?:(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){3}|[\da-f:]+)\/\d+$/.test(entry))
    return null;
  return ipaddr.parseCIDR(entry);
}

function contains(outer: AddressRange, [first, bits]: AddressRange): boolean {
  return bits >= outer[1] && isWithin(first, outer);
}
