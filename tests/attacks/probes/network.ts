import { probeGroup, type ProbeRow } from "../probe.ts";

const unreachable = /^(ENETUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT|nothing| )+$/;

/** Only the test's own listeners on this machine are aimed at, so that a packet that gets out reaches nobody else. */
const rows: readonly ProbeRow[] = [
  [
    "have an interface but its own loopback",
    // SIOCGIFFLAGS: one that is down has but NOARP.
    'inet = socket.socket(); all_of(sorted(name for _, name in socket.if_nameindex() if struct.unpack_from("H", fcntl.ioctl(inet, 0x8913, struct.pack("40s", name.encode())), 16)[0] != 0x80))',
    /^lo$/,
  ],
  [
    "have a route",
    'all_of(line.split()[0] for line in open("/proc/net/route").read().strip().split("\\n")[1:]) + " " + all_of(line.split()[-1] for line in open("/proc/net/ipv6_route"))',
    /^nothing (lo|nothing)$/,
  ],
  [
    "reach the host by TCP",
    "all_of(connects(socket.AF_INET, (address, HOST_TCP)) for address in HOST_ADDRESSES)",
    unreachable,
  ],
  [
    "reach the host by UDP",
    "all_of(connects(socket.AF_INET, (address, HOST_UDP), socket.SOCK_DGRAM) for address in HOST_ADDRESSES)",
    unreachable,
  ],
  [
    "reach the host's own loopback",
    'all_of([connects(socket.AF_INET, ("127.0.0.1", HOST_TCP)), connects(socket.AF_INET, ("127.1.2.3", HOST_TCP)), connects(socket.AF_INET6, ("::1", HOST_TCP)), connects(socket.AF_INET6, ("::ffff:127.0.0.1", HOST_TCP))])',
    /^(ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT|ENETUNREACH| )+$/,
  ],
  [
    "reach a socket of the host's in the abstract namespace",
    'connects(socket.AF_UNIX, "\\0" + HOST_SOCKET)',
    /^ECONNREFUSED$/,
  ],
  [
    "see the host's connections and sockets",
    'all_of(HOST_SOCKET in open(f"/proc/net/{name}").read() or f":{HOST_TCP:04X}" in open(f"/proc/net/{name}").read() for name in ("tcp", "tcp6", "udp", "unix"))',
    /^False$/,
  ],
  [
    "ask a resolver but its own loopback",
    'all_of(line.split()[1] for line in open("/etc/resolv.conf") if line.startswith("nameserver"))',
    /^127\.0\.0\.1$/,
  ],
  [
    "learn names of the host's network",
    'all_of(line.split()[1] for line in open("/etc/resolv.conf") if line.startswith(("search", "domain"))) + " " + all_of(name for line in open("/etc/hosts") for name in line.split("#")[0].split()[1:])',
    /^(\.|nothing) (localhost|ip6-\w+|sandbox| )+$/,
  ],
  ["learn the host's name", "all_of([socket.gethostname(), os.uname().nodename])", /^sandbox$/],
  [
    "send to everybody (broadcast, multicast)",
    `datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagram.setsockopt(1, 6, 1)
all_of(tried(datagram.sendto, b"x", (address, HOST_UDP)) for address in ("255.255.255.255", "224.0.0.251"))`,
    /^ENETUNREACH$/,
  ],
  [
    "bind an address of the host's",
    "all_of(tried(socket.socket().bind, (address, 0)) for address in HOST_ADDRESSES)",
    /^EADDRNOTAVAIL$/,
  ],
];

/** What a Step reaches by the network: nothing. */
export const network = probeGroup("network", rows);
