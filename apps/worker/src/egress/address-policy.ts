import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Why an address may not be connected to, as a sentence's end, or null where it may. */
export type RefuseAddress = (address: string) => string | null;

/** A range of addresses, as `ipaddr.js` has it: its first address and the length of its prefix. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

export interface AddressPolicyDeps {
  /** Ranges of private addresses that the operator has opened; see `readPrivateRanges`. */
  readonly privateRanges: readonly AddressRange[];
  /** Every address that this machine has now, whatever it is in; null where the system does not say. */
  readonly ownAddresses: () => readonly string[] | null;
}

const refusal = {
  unreadable: "it has an address that cannot be read",
  own: "it has an address of the service's own machine",
  metadata: "it has an address of a cloud's metadata service",
  ownUnknown: "the worker cannot tell now which addresses are its own machine's",
  notGlobal: "it has an address that is not a public one",
} as const;

/**
 * Clouds answer with keys to whoever asks here. 169.254.0.0/16 is in no opened range anyway; these others lie within
 * ranges that an operator may open, or look public: Azure, Alibaba, AWS and Google over IPv6.
 */
const metadataAddresses = ["168.63.129.16", "100.100.100.200", "fd20:ce::254"].map(normal);
/** AWS has several services with keys there: of instances (::254), of Kubernetes' pods (::23). */
const metadataRange: AddressRange = [ipaddr.IPv6.parse("fd00:ec2::"), 32];

/** All that is routed to the world (IANA): whatever else IPv6 has maps to IPv4, is local, or is for other uses. */
const globalUnicast: AddressRange = [ipaddr.IPv6.parse("2000::"), 3];
/** RFC 9637: documentation, which the library does not know yet. */
const newDocumentation: AddressRange = [ipaddr.IPv6.parse("3fff::"), 20];

/**
 * Public addresses may be connected to, and those in the ranges that the operator has opened: never this machine's own,
 * never a metadata service's, whatever is opened.
 */
export function createAddressPolicy({ privateRanges, ownAddresses }: AddressPolicyDeps): RefuseAddress {
  return (text) => {
    // The library also takes notations that leave parts out, or are octal.
    if (isIP(text) === 0 || text.includes("%")) return refusal.unreadable;
    const address = ipaddr.parse(text);
    const normalized = address.toNormalizedString();
    if (metadataAddresses.includes(normalized) || isWithin(address, metadataRange)) return refusal.metadata;
    const own = ownAddresses();
    if (own === null) return refusal.ownUnknown;
    if (own.some((each) => normal(each) === normalized)) return refusal.own;
    if (isGlobal(address) || privateRanges.some((range) => isWithin(address, range))) return null;
    return refusal.notGlobal;
  };
}

function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== "unicast") return false;
  return (
    address.kind() === "ipv4" || (isWithin(address, globalUnicast) && !isWithin(address, newDocumentation))
  );
}

/** False for an address of the other family. */
export function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, [first, bits]: AddressRange): boolean {
  if (address instanceof ipaddr.IPv4) return first instanceof ipaddr.IPv4 && address.match(first, bits);
  return first instanceof ipaddr.IPv6 && address.match(first, bits);
}

function normal(address: string): string {
  return ipaddr.parse(address.split("%", 1)[0] ?? "").toNormalizedString();
}
