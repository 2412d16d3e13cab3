import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "./address-policy.ts";
import { readPrivateRanges } from "./private-ranges.ts";

const own = ["203.0.114.5", "2600:1f18::5", "10.9.9.9", "fe80::1%eth0"];

function policy(ranges = "") {
  const read = ranges === "" ? { ok: true as const, value: [] } : readPrivateRanges(ranges);
  if (!read.ok) throw new Error(read.failure);
  return createAddressPolicy({ privateRanges: read.value, ownAddresses: () => own });
}

describe("the address policy", () => {
  it("lets nothing be connected to while the machine does not say which addresses are its own", () => {
    const refuse = createAddressPolicy({ privateRanges: [], ownAddresses: () => null });
    expect(refuse("93.184.216.34")).toMatch("cannot tell now");
  });

  it.each([
    "1.1.1.1",
    "93.184.216.34",
    "100.128.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "223.255.255.255",
    "2600:1f18::1",
    "2a00::1",
  ])("lets %s be connected to", (address) => expect(policy()(address)).toBeNull());

  it.each([
    ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"],
    ...[
      "169.254.169.254",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.0.1",
      "192.0.0.1",
      "192.0.0.192",
      "192.0.2.1",
    ],
    ...[
      "198.18.0.1",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "168.63.129.16",
      "224.0.0.1",
      "239.1.1.1",
    ],
    ...["240.0.0.1", "255.255.255.255", "192.88.99.1"],
    ...[
      "::",
      "::1",
      "fc00::1",
      "fd12:3456::1",
      "fe80::1",
      "fec0::1",
      "ff02::1",
      "::ffff:127.0.0.1",
      "::ffff:1.1.1.1",
    ],
    ...[
      "::127.0.0.1",
      "::1.1.1.1",
      "64:ff9b::7f00:1",
      "64:ff9b::101:101",
      "64:ff9b:1::a00:1",
      "2002:7f00:1::",
    ],
    ...["2001:0:1::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1", "fd00:ec2::254"],
    ...["203.0.114.5", "2600:1f18::5", "2600:1f18:0:0::5", "fe80::1%eth0", "1.1.1", "0x01010101", "one", ""],
  ])("refuses %s", (address) => expect(policy()(address)).toMatch(/^it has an address /));

  it("lets what the operator has opened be connected to, and nothing beside it", () => {
    const refuse = policy("10.1.0.0/16, fd00:1::/32,192.168.7.7/32");
    for (const address of ["10.1.2.3", "fd00:1::9", "192.168.7.7"]) expect(refuse(address)).toBeNull();
    for (const address of ["10.2.0.1", "fd00:2::9", "192.168.7.8", "::ffff:10.1.2.3"])
      expect(refuse(address)).not.toBeNull();
  });

  it("refuses this machine's own addresses and the clouds' metadata services in any range that is opened", () => {
    const refuse = policy("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7");
    for (const address of ["10.9.9.9", "100.100.100.200", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"])
      expect(refuse(address)).not.toBeNull();
    expect(refuse("10.9.9.8")).toBeNull();
  });
});

describe("EGRESS_PRIVATE_RANGES", () => {
  it.each([
    ...[
      "127.0.0.0/8",
      "169.254.0.0/16",
      "169.254.169.254/32",
      "0.0.0.0/0",
      "10.0.0.0/7",
      "172.0.0.0/8",
      "8.8.8.0/24",
    ],
    ...[
      "::1/128",
      "fe80::/10",
      "::/0",
      "fc00::/6",
      "::ffff:10.0.0.0/104",
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0.0/-1",
    ],
    ...["010.0.0.0/8", "10.1/16", "0x0a000000/8", "10.0.0.0/8,", "all", "10.0.0.0/8 10.0.0.0/8"],
  ])("cannot be %s", (text) => expect(readPrivateRanges(text)).toMatchObject({ ok: false }));
});
