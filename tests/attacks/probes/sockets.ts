import { probeGroup, type ProbeRow } from "../probe.ts";

const refused = /^EPERM$/;
const opened = (...sockets: readonly (readonly [number, number | string, number | string])[]): string =>
  `all_of([${sockets.map((each) => `call("socket", ${each.join(", ")})`).join(", ")}])`;

const families: readonly ProbeRow[] = [
  ["speak to the hypervisor (AF_VSOCK)", opened([40, 1, 0], [40, 2, 0]), refused],
  ["open a vsock by a high bit", 'call("socket", HIGH_BIT | 40, 1, 0)', refused],
  ["use the kernel's crypto (AF_ALG)", opened([38, 5, 0]), refused],
  ["see packets (AF_PACKET)", opened([17, 3, "0x0300"], [17, 2, 0]), refused],
  ["change the firewall (netfilter)", opened([16, 3, 12]), refused],
  ["change IPsec (xfrm, AF_KEY)", opened([16, 3, 6], [15, 3, 2]), refused],
  [
    "speak any other netlink",
    'all_of(call("socket", 16, 3, protocol) for protocol in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22))',
    refused,
  ],
  ["open AF_XDP", opened([44, 3, 0]), refused],
  ["open a CAN bus", opened([29, 3, 1], [29, 2, 2]), refused],
  ["open TIPC, RDS, KCM or SMC", opened([30, 1, 0], [21, 5, 0], [41, 5, 0], [43, 1, 0]), refused],
  ["open Bluetooth or NFC", opened([31, 3, 1], [31, 5, 0], [39, 3, 1]), refused],
  [
    "open any family that the kernel may load a module for",
    'all_of(call("socket", family, kind, 0) for family in range(3, 60) if family not in (10, 16) for kind in (1, 2, 3, 5))',
    refused,
  ],
  [
    "make a pair of sockets of another family",
    'all_of(call("socketpair", family, 1, 0, buffer(8)) for family in (2, 30, 40, HIGH_BIT | 30))',
    refused,
  ],
];

const protocols: readonly ProbeRow[] = [
  ["open a raw socket", opened([2, 3, 1], [2, 3, 255], [10, 3, 58]), refused],
  ["open a ping socket", opened([2, 2, 1], [10, 2, 58]), refused],
  ["open SCTP", opened([2, 1, 132], [2, 5, 132]), refused],
  ["open DCCP or UDPLITE", opened([2, 6, 33], [2, 2, 136]), refused],
  ["open MPTCP", opened([2, 1, 262], [2, 1, "HIGH_BIT | 262"]), refused],
  [
    "add an interface, an address or a route",
    `link = socket.socket(16, 3, 0)
def ask(kind, body):
  link.sendto(struct.pack("IHHII", 16 + len(body), kind, 0x605, 1, 0) + body, (0, 0))
  return name_of(-struct.unpack("i", link.recv(4096)[16:20])[0])
all_of([ask(16, struct.pack("BBHiII", 0, 0, 0, 0, 0, 0)), ask(20, struct.pack("BBBBI", 2, 8, 0, 0, 1)), ask(24, struct.pack("BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0))])`,
    refused,
  ],
  [
    "mark packets or forge their source",
    "inet = socket.socket(); all_of([tried(inet.setsockopt, 1, 36, 1), tried(inet.setsockopt, 0, 19, 1)])",
    refused,
  ],
  [
    "read or replace the firewall by socket options",
    'inet = socket.socket(); all_of([tried(inet.setsockopt, 0, 64, b"x" * 84), tried(inet.getsockopt, 0, 64, 84)])',
    /^(EPERM|ENOPROTOOPT| )+$/,
  ],
];

/** Sockets but for unix, TCP, UDP and the netlink of routes. */
export const sockets = probeGroup("sockets", [...families, ...protocols]);
