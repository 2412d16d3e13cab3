import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * A host in the one way of writing it by which hosts are compared: an address in its shortest form, one of IPv4 that is
 * mapped into IPv6 as itself; a name in lower case, without its final dot.
 */
export function normalHost(host: string): string {
  if (isIP(host) !== 0 && ipaddr.isValid(host)) return ipaddr.process(host).toString();
  return host.toLowerCase().replace(/\.$/, "");
}
