import { probeGroup, type ProbeRow } from "../probe.ts";

const refused = /^HTTP\/1\.1 403 Forbidden$/;
/** Refused, or not even read. */
const refusedOrBroken = /^(HTTP\/1\.1 40[03] [A-Za-z ]+|closed)$/;
const socksRefused = /^reply [24578]$/;

const url = (text: string) => `fetched(f"http://${text}/")`;
const tunnel = (authority: string) => `proxied(f"CONNECT ${authority} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")`;

/** TRAP is a port of the test's own on every address of this machine; TARGET and CLOSED are addresses of one host. */
const rows: readonly ProbeRow[] = [
  ["the loopback address, though it is listed", url("127.0.0.1:{TRAP}"), refused],
  ["the loopback address of IPv6, though it is listed", url("[::1]:{TRAP}"), refused],
  ["a mapped loopback address, though it is listed", url("[::ffff:7f00:1]:{TRAP}"), refused],
  ["the same in dotted form", url("[::ffff:127.0.0.1]:{TRAP}"), refused],
  ["this host (0.0.0.0), though it is listed", url("0.0.0.0:{TRAP}"), refused],
  ["localhost, though it is listed", url("localhost:{TRAP}"), /^HTTP\/1\.1 (403|502) [A-Za-z ]+$/],
  ["the loopback address in decimal", url("2130706433:{TRAP}"), refused],
  ["the loopback address in octal", url("0177.0.0.1:{TRAP}"), refused],
  ["the loopback address in hexadecimal", url("0x7f000001:{TRAP}"), refused],
  ["the loopback address in short", url("127.1:{TRAP}"), refused],
  ["the machine's address in the target's network, though it is listed", url("{GATEWAY}:{TRAP}"), refused],
  ["the service's database, though it is listed", url("127.0.0.1:{DATABASE}"), refused],
  ["a private address that the operator has not opened, though it is listed", url("{CLOSED}:8000"), refused],
  ["the address of a listed name", url("{TARGET}:8000"), refused],
  ["a listed name on another port", url("allowed.test:8001"), refused],
  ["another name of the same address", url("other.test:8000"), refused],
  ["a listed name with a final dot", url("allowed.test.:8000"), refused],
  ["a name below a listed one", url("www.allowed.test:8000"), refused],
  ["the apex of a wildcard", url("wild.test:8000"), refused],
  ["another name behind a user", url("allowed.test:8000@other.test:8000"), refused],
  ["a name that leads to the loopback", url("loopback.wild.test:{TRAP}"), refused],
  ["a name that leads to ::1", url("six.wild.test:{TRAP}"), refused],
  ["a name that leads to a mapped loopback address", url("mapped.wild.test:{TRAP}"), refused],
  ["a chain of aliases that ends at the loopback", url("chain-in.wild.test:{TRAP}"), refused],
  [
    "a chain of aliases that ends in a network that is not opened",
    url("chain-closed.wild.test:8000"),
    refused,
  ],
  ["a name with one good address and one of the machine's own", url("both.wild.test:8000"), refused],
  [
    "a name that leads to the machine once it has been judged (rebinding)",
    'all_of([fetched("http://rebinding.wild.test:8000/"), fetched("http://turn.wild.test:8000/"), fetched("http://rebinding.wild.test:8000/")])',
    /^HTTP\/1\.1 200 OK reached rebinding\.wild\.test:8000 HTTP\/1\.1 200 OK reached turn\.wild\.test:8000 HTTP\/1\.1 403 Forbidden$/,
  ],
  [
    "another host by the Host header",
    'fetched("http://allowed.test:8000/", "Host: other.test")',
    /^HTTP\/1\.1 200 OK reached allowed\.test:8000$/,
  ],
  [
    "another host on a connection that is kept",
    'proxied("GET http://allowed.test:8000/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n", "GET http://other.test:8000/ HTTP/1.1\\r\\nHost: allowed.test:8000\\r\\n\\r\\n")',
    /^HTTP\/1\.1 403 Forbidden reached allowed\.test:8000$/,
  ],
  [
    "another host by a redirect that is followed",
    "sh(f\"curl -sL -o /dev/null -w %{{http_code}} 'http://allowed.test:8000/away?http://{GATEWAY}:{TRAP}/'\")",
    /^0 403$/,
  ],
  [
    "another host by a line break in the URL",
    'proxied(f"GET http://allowed.test:8000/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\nGET http://{GATEWAY}:{TRAP}/ HTTP/1.1\\r\\n\\r\\n")',
    /^HTTP\/1\.1 (200 OK|40[03] [A-Za-z ]+)( reached allowed\.test:8000)?$/,
  ],
  [
    "another host as a server is asked",
    'proxied(f"GET / HTTP/1.1\\r\\nHost: {GATEWAY}:{TRAP}\\r\\n\\r\\n")',
    refusedOrBroken,
  ],
  ["an https URL without a tunnel", 'fetched(f"https://{GATEWAY}:{TRAP}/")', refused],
  ["a tunnel to the loopback", tunnel("127.0.0.1:{TRAP}"), refused],
  ["a tunnel to ::1", tunnel("[::1]:{TRAP}"), refused],
  ["a tunnel to a name that leads to the loopback", tunnel("loopback.wild.test:{TRAP}"), refused],
  ["a tunnel to another port", tunnel("allowed.test:8001"), refused],
  ["a tunnel to an address that is not listed", tunnel("{TARGET}:8000"), refused],
  ["a tunnel to a URL", tunnel("http://{GATEWAY}:{TRAP}/"), refused],
  [
    "the loopback over SOCKS5, by its address",
    "socksed(bytes([5, 1, 0, 1, 127, 0, 0, 1]) + struct.pack('>H', TRAP))",
    socksRefused,
  ],
  ["::1 over SOCKS5", "socksed(bytes([5, 1, 0, 4, *[0] * 15, 1]) + struct.pack('>H', TRAP))", socksRefused],
  [
    "another name over SOCKS5",
    "socksed(bytes([5, 1, 0, 3, 10]) + b'other.test' + struct.pack('>H', 8000))",
    socksRefused,
  ],
  ["a port of its own there (SOCKS5 BIND)", "socksed(bytes([5, 2, 0, 1, 127, 0, 0, 1, 0, 80]))", /^reply 7$/],
  ["UDP over SOCKS5", "socksed(bytes([5, 3, 0, 1, 127, 0, 0, 1, 0, 53]))", /^reply 7$/],
  ["the target around the proxy", "connects(socket.AF_INET, (TARGET, 8000))", /^ENETUNREACH$/],
  [
    "the name server, by a datagram",
    "connects(socket.AF_INET, (GATEWAY, NAMES), socket.SOCK_DGRAM)",
    /^ENETUNREACH$/,
  ],
  ["an answer to a name of its own asking", 'tried(socket.getaddrinfo, "allowed.test", 8000)', /^(?!done)/],
  [
    "the wire, by raw sockets and packets",
    "all_of([tried(socket.socket, 2, 3, 6), tried(socket.socket, 2, 3, 1), tried(socket.socket, 17, 3, 0x300), tried(socket.socket, 17, 2, 0x300)])",
    /^(E[A-Z]+ ?)+$/,
  ],
];

/** What a Step of a Job with `network.allow` tries to reach beside what is listed. */
export const egress = probeGroup("its network", rows);
