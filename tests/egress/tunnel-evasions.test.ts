import { describe, expect, it } from "vitest";
import { clientHello } from "./client-hello.fixture.ts";
import { converse, dial, exampleAddress, hear } from "./egress-bench.ts";
import { connectTo, evasionWorld, get } from "./evasion-world.ts";

const socks = (bytes: readonly number[]): Buffer => Buffer.from([5, 1, 0, ...bytes]);
const socksName = (name: string, port: number): Buffer =>
  socks([5, 1, 0, 3, name.length, ...Buffer.from(name, "latin1"), port >> 8, port & 255]);

/** An alert of TLS, "no_renegotiation", which some servers skip. */
const warning = Buffer.from([21, 3, 1, 0, 2, 1, 100]);

/**
 * The same in tunnels: what a program does to get where it may not, each through the agent's relay and the worker's proxy as they are. Names and
 * addresses are the test's own; nothing leaves the loopback.
 */
describe("a program that opens tunnels, and may reach tls.test, example.test and odd.test:8443,", () => {
  const on = evasionWorld();

  describe("gets a refusal for a CONNECT to", () => {
    it.each([
      ["a host that is not listed", "other.test:443"],
      ["a listed host on another port", "example.test:22"],
      ["a host that is listed with a port, on the usual one", "odd.test:443"],
      ["the apex of a wildcard", "wild.test:443"],
      ["no port", "example.test"],
      ["an empty port", "example.test:"],
      ["a user", "user@example.test:443"],
      ["an address", `${exampleAddress}:443`],
      ["an address in decimal", "2130706433:443"],
      ["a mapped address", "[::ffff:7f00:1]:443"],
      ["a private name", "private.wild.test:443"],
      ["a unix socket", "/var/run/docker.sock"],
      ["a URL", "http://example.test:443/"],
      ["a listed host as the user of another", "tls.test:443@other.test:443"],
      ["a path behind its port", "tls.test:443/../other.test:443"],
      ["two hosts", "tls.test:443,other.test:443"],
      ["a final dot", "tls.test.:443"],
      ["a percent-encoded name", "%74ls.test:443"],
      ["a negative port", "tls.test:-443"],
      ["port 443 and 65536 more", "tls.test:65979"],
      ["an address of IPv6 with a zone", "[fe80::1%eth0]:443"],
    ])("%s", async (_, authority) => {
      expect(await converse(on().bench.port, connectTo(authority))).toMatch(/^HTTP\/1\.1 (403|400) /);
      expect(on().world.connected).toEqual([]);
    });
  });

  describe("is cut off in its tunnel to port 443 where it says", () => {
    it.each([
      [
        "another name in its TLS hello",
        clientHello({ serverName: "other.test" }),
        "names another host: other.test",
      ],
      ["no name in its TLS hello", clientHello({ serverName: null }), "names no host"],
      ["an address in its TLS hello", clientHello({ serverName: exampleAddress }), "names another host"],
      ["a name with a final dot", clientHello({ serverName: "tls.test." }), "names another host"],
      ["a name with a NUL", clientHello({ serverName: "tls.test\0.other.test" }), "names another host"],
      ["an encrypted hello", clientHello({ serverName: "tls.test", encrypted: true }), "encrypted"],
      ["two names", clientHello({ serverName: "tls.test", twice: true }), "cannot be read"],
      [
        "a hello that claims more than it has",
        clientHello({ serverName: "tls.test", tooLong: true }),
        "cannot be read",
      ],
      ["no TLS", Buffer.from("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n"), "only TLS"],
      ["SSH", Buffer.from("SSH-2.0-x\r\n"), "only TLS"],
      ["HTTP/2 without TLS", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "only TLS"],
      ["a hello of SSL 2", Buffer.from([0x80, 0x2e, 1, 3, 1, 0, 3, 0, 0, 0, 32]), "only TLS"],
      [
        "an alert before its TLS hello",
        Buffer.concat([warning, clientHello({ serverName: "other.test" })]),
        "cannot be read",
      ],
      [
        "an empty record before its TLS hello",
        Buffer.concat([Buffer.from([22, 3, 1, 0, 0]), clientHello({ serverName: "other.test" })]),
        "cannot be read",
      ],
    ])("%s", async (_, said, reason) => {
      const socket = await dial(on().bench.port);
      socket.write(connectTo("tls.test:443"));
      await hear(socket, "\r\n\r\n");
      socket.write(said);
      const heard = await hear(socket);
      expect(heard).not.toMatch("reached");
      expect(
        on()
          .bench.lines.filter((line) => line.includes("tls.test:443"))
          .join("\n"),
      ).toMatch(reason);
    });
  });

  it.each([
    ["the right name", clientHello({ serverName: "tls.test" })],
    ["the right name in upper case", clientHello({ serverName: "TLS.test" })],
    ["the right name, in pieces of TLS", clientHello({ serverName: "tls.test", recordBytes: 7 })],
  ])("is carried in its tunnel where its TLS hello has %s", async (_, hello) => {
    const socket = await dial(on().bench.port);
    socket.write(connectTo("tls.test:443"));
    await hear(socket, "\r\n\r\n");
    for (let at = 0; at < hello.length; at += 11) socket.write(hello.subarray(at, at + 11));
    expect(await hear(socket)).toMatch("reached opaque");
  });

  it("is judged request by request in its tunnel to port 80", async () => {
    const inside = async (said: string): Promise<string> => {
      const socket = await dial(on().bench.port);
      socket.write(`${connectTo("example.test:80")}${said}`);
      return hear(socket);
    };
    expect(await inside(get("/", "Host: example.test\r\n"))).toMatch("reached example.test");
    expect(await inside(get("/", "Host: other.test\r\n"))).toMatch("403 Forbidden");
    expect(await inside(get("/", ""))).toMatch(/40[03] /);
    expect(await inside(get("http://other.test/", "Host: example.test\r\n"))).toMatch("403 Forbidden");
    expect(await inside(clientHello({ serverName: "other.test" }).toString("latin1"))).not.toMatch("reached");
    expect(await inside(connectTo("other.test:443"))).not.toMatch("reached");
    expect(await inside("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).not.toMatch("reached");
    expect(await inside(get("/", "Host: example.test@other.test\r\n"))).toMatch("403 Forbidden");
    expect(on().asked.map(({ headers }) => headers.host)).toEqual(["example.test"]);
  });

  it("hears a host first, on a port that was listed, and is still held to its name where it speaks TLS", async () => {
    expect(await converse(on().bench.port, connectTo("odd.test:8443"), "opaque")).toMatch("reached opaque");
    const plain = await dial(on().bench.port);
    plain.write(`${connectTo("odd.test:8443")}SSH-2.0-x\r\n`);
    await expect.poll(() => on().toldOpaque(), { timeout: 10_000 }).toBe("SSH-2.0-x\r\n");
    plain.destroy();
    const socket = await dial(on().bench.port);
    socket.write(
      Buffer.concat([Buffer.from(connectTo("odd.test:8443")), clientHello({ serverName: "other.test" })]),
    );
    await hear(socket);
    expect(on().bench.lines.join("\n")).toMatch("odd.test:8443: its TLS hello names another host");
  });

  it.each([
    ["an alert", warning],
    ["an alert of another version", Buffer.from([21, 2, 1, 0, 2, 1, 100])],
    ["an alert of no version", Buffer.from([21, 0, 0, 0, 2, 1, 0])],
    ["a change of ciphers", Buffer.from([20, 3, 3, 0, 1, 1])],
    ["data that is said to be encrypted", Buffer.from([23, 3, 3, 0, 1, 0])],
  ])(
    "is not taken for one of another protocol there where %s comes before its TLS hello",
    async (_, before) => {
      const socket = await dial(on().bench.port);
      socket.write(connectTo("odd.test:8443"));
      await hear(socket, "\r\n\r\n");
      for (const byte of Buffer.concat([before, clientHello({ serverName: "other.test" })]))
        socket.write(Buffer.from([byte]));
      await hear(socket);
      expect(on().toldOpaque()).toBe("");
      expect(on().bench.lines.join("\n")).toMatch(
        "odd.test:8443: it began with a TLS hello that cannot be read",
      );
    },
  );

  describe("gets a refusal over SOCKS5 for", () => {
    it.each([
      ["a name that is not listed", socksName("other.test", 443), 2],
      ["an address", socks([5, 1, 0, 1, 93, 184, 216, 34, 0, 80]), 2],
      ["the loopback address", socks([5, 1, 0, 1, 127, 0, 0, 1, 0, 80]), 2],
      ["an address of IPv6", socks([5, 1, 0, 4, ...Array.from({ length: 15 }, () => 0), 1, 0, 80]), 2],
      [
        "a mapped address",
        socks([5, 1, 0, 4, ...Array.from({ length: 10 }, () => 0), 255, 255, 127, 0, 0, 1, 0, 80]),
        2,
      ],
      ["an address as a name", socksName("127.0.0.1", 80), 2],
      ["a name with a NUL", socksName("example.test\0", 80), 2],
      ["a name with a port in it", socksName("example.test:443", 80), 2],
      ["a name that leads to a private address", socksName("private.wild.test", 443), 2],
      ["port 0", socksName("example.test", 0), 2],
      ["an empty name", socksName("", 80), 2],
      ["a name in brackets", socksName("[::1]", 80), 2],
      ["a name with a user", socksName("example.test@other.test", 80), 2],
      ["an address in hexadecimal as a name", socksName("0x7f.1", 80), 2],
      [
        "an address of NAT64",
        socks([5, 1, 0, 4, 0, 0x64, 0xff, 0x9b, ...Array.from({ length: 8 }, () => 0), 127, 0, 0, 1, 0, 80]),
        2,
      ],
      [
        "an address of 6to4",
        socks([5, 1, 0, 4, 0x20, 2, 127, 0, 0, 1, ...Array.from({ length: 10 }, () => 0), 0, 80]),
        2,
      ],
      ["BIND", socks([5, 2, 0, 3, 1, 97, 0, 80]), 7],
      ["UDP ASSOCIATE", socks([5, 3, 0, 1, 0, 0, 0, 0, 0, 0]), 7],
      ["an unknown type of address", socks([5, 1, 0, 9, 1, 2]), 8],
    ])("%s", async (_, said, reply) => {
      const heard = Buffer.from(await converse(on().bench.port, said), "latin1");
      expect([...heard.subarray(0, 4)]).toEqual([5, 0, 5, reply]);
      expect(on().world.connected).toEqual([]);
    });

    it("a login", async () => {
      const heard = Buffer.from(await converse(on().bench.port, Buffer.from([5, 1, 2])), "latin1");
      expect([...heard]).toEqual([5, 255]);
    });
  });

  describe("gets a refusal over SOCKS4, and has what it asked for in its log, for", () => {
    const asks = (rest: readonly number[]) => Buffer.from([4, 1, 0, 80, ...rest]);
    it.each([
      ["an address", asks([93, 184, 216, 34, 0]), `${exampleAddress}:80`],
      ["the metadata service", asks([169, 254, 169, 254, ...Buffer.from("me"), 0]), "169.254.169.254:80"],
      ["an allowed name", asks([0, 0, 0, 1, 0, ...Buffer.from("example.test"), 0]), "example.test:80"],
      [
        "a name with a line break, behind a user",
        asks([0, 0, 0, 9, ...Buffer.from("me"), 0, ...Buffer.from("other.test\nforged"), 0]),
        "other.test?forged:80",
      ],
    ])("%s", async (_, said, target) => {
      const socket = await dial(on().bench.port);
      for (const byte of said) socket.write(Buffer.from([byte]));
      expect([...Buffer.from(await hear(socket), "latin1")].slice(0, 2)).toEqual([0, 0x5b]);
      expect(on().world.connected).toEqual([]);
      expect(on().bench.lines).toContain(
        `network: no connection to ${target}: of SOCKS only version 5 is served`,
      );
    });
  });

  it("reaches an allowed host over SOCKS5, by its name, and is held to the same there", async () => {
    const socket = await dial(on().bench.port);
    socket.write(socksName("example.test", 80));
    socket.write(get("/", "Host: example.test\r\n"));
    expect(await hear(socket)).toMatch("reached example.test");
    const other = await dial(on().bench.port);
    other.write(Buffer.concat([socksName("tls.test", 443), clientHello({ serverName: "other.test" })]));
    expect(await hear(other)).not.toMatch("reached");
  });
});
