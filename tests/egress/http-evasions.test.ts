import { describe, expect, it } from "vitest";
import { converse, dial, exampleAddress, hear, otherAddress } from "./egress-bench.ts";
import { evasionWorld, get } from "./evasion-world.ts";

/**
 * What a program does to get where it may not, each through the agent's relay and the worker's proxy as they are. Names and
 * addresses are the test's own; nothing leaves the loopback.
 */
describe("a program that speaks HTTP, and may reach example.test and *.wild.test,", () => {
  const on = evasionWorld();

  it("reaches an allowed host, and so would all below if they were let", async () => {
    expect(await converse(on().bench.port, get("http://example.test/"))).toMatch("reached example.test");
    expect(on().world.connected).toEqual([`${exampleAddress}:80`]);
  });

  describe("gets a refusal, and nobody is connected to, for a URL with", () => {
    it.each([
      ["a host that is not listed", "http://other.test/"],
      ["the apex of a wildcard", "http://wild.test/"],
      ["a name that ends like one that is listed", "http://evilexample.test/"],
      ["a name that begins like one that is listed", "http://example.test.other.test/"],
      ["a name below one that is listed by itself", "http://www.example.test/"],
      ["a final dot", "http://example.test./"],
      ["a user before another host", "http://example.test@other.test/"],
      ["a user before the host itself", "http://user:pass@example.test/"],
      ["a NUL in its name", "http://other.test%00.wild.test/"],
      ["an escaped dot", "http://other%2etest/"],
      ["a backslash before another host", "http://other.test\\.wild.test/"],
      ["a port that is not listed", "http://example.test:8080/"],
      ["port 0", "http://example.test:0/"],
      ["port 65536", "http://example.test:65536/"],
      ["port 80 and 65536 more", "http://example.test:65616/"],
      ["two ports", "http://example.test:80:80/"],
      ["an address", `http://${otherAddress}/`],
      ["the address of a listed host", `http://${exampleAddress}/`],
      ["an address in decimal", "http://2130706433/"],
      ["an address in octal", "http://0177.0.0.1/"],
      ["an address in hexadecimal", "http://0x7f000001/"],
      ["an address in short", "http://127.1/"],
      ["the loopback address", "http://127.0.0.1/"],
      ["the loopback address of IPv6", "http://[::1]/"],
      ["a mapped address", "http://[::ffff:127.0.0.1]/"],
      ["a mapped address in hexadecimal", "http://[::ffff:7f00:1]/"],
      ["an address with a zone", "http://[fe80::1%25eth0]/"],
      ["the metadata service", "http://169.254.169.254/latest/meta-data/"],
      ["localhost", "http://localhost/"],
      ["a name that leads to the loopback", "http://loopback.wild.test/"],
      ["a name that leads to a private address, by a CNAME or not", "http://private.wild.test/"],
      ["a name that leads to the metadata service", "http://metadata.wild.test/"],
      ["a name that leads to a mapped address", "http://mapped.wild.test/"],
      ["a name that leads to ::1", "http://v6.wild.test/"],
      ["a name that leads to a local address of IPv6", "http://local6.wild.test/"],
      ["a name that leads to an address behind NAT64", "http://nat64.wild.test/"],
      ["a name with one good and one private address", "http://half.wild.test/"],
      ["a name that leads to this machine's own public address", "http://own.wild.test/"],
      ["a name that leads to the service's database", "http://database.wild.test/"],
      ["a name that leads to the engine's gateway", "http://gateway.wild.test/"],
      ["https, which is for CONNECT", "https://example.test/"],
      ["ftp", "ftp://example.test/"],
      ["gopher", "gopher://example.test:80/_x"],
      ["no host", "/"],
      ["an empty host", "http:///"],
      ["no scheme", "//example.test/"],
      ["one slash only", "http:/example.test/"],
      ["a listed host in another's query", "http://other.test?.example.test/"],
      ["a listed host in another's fragment", "http://other.test#.example.test/"],
      ["a listed host as the user of another, with a port", "http://example.test:80@other.test/"],
      ["two hosts", "http://example.test,other.test/"],
      ["a semicolon before another host", "http://other.test;.wild.test/"],
      ["a wildcard itself", "http://*.wild.test/"],
      ["an empty label", "http://.wild.test/"],
      ["a label of a hyphen", "http://-.wild.test/"],
      ["a name in brackets", "http://[example.test]/"],
      ["a Cyrillic letter that looks like the listed name's", "http://ex\u0430mple.test/"],
      ["a full-width letter", "http://\uff45xample.test/"],
      ["an ideographic full stop", "http://example\u3002test/"],
      ["the listed name with a soft hyphen", "http://exam\u00adple.test/"],
      ["a name that looks like the listed one, as xn--", "http://xn--exmple-4nf.test/"],
      ["a negative port", "http://example.test:-80/"],
      ["a port with a sign", "http://example.test:+80/"],
      ["a port with a zero before it", "http://example.test:080/"],
      ["a port in hexadecimal", "http://example.test:0x50/"],
      ["a port that is none", "http://example.test:http/"],
      ["an IPv4 address with a final dot", `http://${exampleAddress}./`],
      ["an IPv4 address with a zero before a part", "http://093.184.216.34/"],
      ["an address of IPv6 in its long form", "http://[0:0:0:0:0:0:0:1]/"],
      ["an address of IPv6 with an IPv4 address in it (6to4)", "http://[2002:7f00:1::]/"],
      ["an address of Teredo", "http://[2001:0:7f00:1::1]/"],
      ["an address of every IPv4-compatible kind", "http://[::127.0.0.1]/"],
      ["a subdomain of localhost", "http://www.localhost/"],
      ["the name that some machines give themselves", "http://localhost.localdomain/"],
      ["a name that leads to a 6to4 address of the loopback", "http://sixtofour.wild.test/"],
      ["a name that leads to a Teredo address", "http://teredo.wild.test/"],
      ["a name that leads to a NAT64 prefix of its own", "http://localnat64.wild.test/"],
      ["a name that leads to 0.0.0.0", "http://unspecified.wild.test/"],
      ["a name that leads to a broadcast address", "http://broadcast.wild.test/"],
      ["a name that leads to a site-local address", "http://sitelocal.wild.test/"],
      ["a name that leads to an address with a zone", "http://zone.wild.test/"],
      ["a name that leads to no address at all, but to a text", "http://text.wild.test/"],
      ["the name of the service's database", "http://postgres.wild.test/"],
    ])("%s", async (_, url) => {
      const answer = await converse(on().bench.port, get(url));
      expect(answer).toMatch(/^HTTP\/1\.1 (403|400) /);
      expect({ asked: on().asked.length, connected: on().world.connected }).toEqual({
        asked: 0,
        connected: [],
      });
    });
  });

  it("is told of an unknown name that it is not known", async () => {
    expect(await converse(on().bench.port, get("http://missing.test/"))).toMatch(
      /^HTTP\/1\.1 502 [^]*not known/,
    );
  });

  it("finds an allowed host in upper case, as names have none", async () => {
    expect(await converse(on().bench.port, get("HTTP://Example.TEST/"))).toMatch("reached example.test");
  });

  it("cannot have another Host than its URL's", async () => {
    expect(await converse(on().bench.port, get("http://example.test/", "Host: other.test\r\n"))).toMatch(
      "reached example.test",
    );
    expect(on().asked.map(({ headers }) => headers.host)).toEqual(["example.test"]);
  });

  it("cannot send the headers that only the proxy is to see, or that would change the protocol", async () => {
    const headers = `Host: x\r\nProxy-Authorization: secret\r\nX-Hop: 1\r\nConnection: X-Hop, upgrade\r\nUpgrade: websocket\r\n`;
    await converse(on().bench.port, `GET http://example.test/ HTTP/1.1\r\n${headers}\r\n`, "reached");
    expect(Object.keys(on().asked[0]?.headers ?? {}).toSorted()).toEqual(["connection", "host"]);
  });

  it.each([
    ["a line break in its URL", "GET http://example.test/\r\nHost: other.test HTTP/1.1\r\n\r\n"],
    ["two Host headers", "GET http://example.test/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    [
      "two lengths of its body",
      "POST http://example.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a bare line feed", "GET http://example.test/ HTTP/1.1\nHost: x\n\n"],
    ["a folded header", "GET http://example.test/ HTTP/1.1\r\nHost: x\r\n other.test\r\n\r\n"],
    ["something that is no HTTP", "hello there\r\n\r\n"],
    ["HTTP of 1991", "GET http://other.test/\r\n\r\n"],
    ["HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    [
      "a change to HTTP/2",
      "GET http://example.test/ HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
    ],
    ...[
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
      "Transfer-Encoding: identity, chunked, identity",
      "Transfer-Encoding : chunked",
      "Transfer-Encoding: xchunked",
      "Content-Length: 0\r\nContent-Length: 60",
      "Content-Length: +0",
      "Content-Length: 0, 60",
    ].map((framing) => [
      `a request hidden behind ${JSON.stringify(framing)}`,
      `POST http://example.test/ HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n0\r\n\r\nGET http://other.test/ HTTP/1.1\r\nHost: other.test\r\n\r\n`,
    ]),
    [
      "a line break in the extension of a chunk",
      "POST http://example.test/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\nGET http://other.test/\r\nx\r\n0\r\n\r\n",
    ],
    ["a Host with a line break", "GET http://example.test/ HTTP/1.1\r\nHost: x\rHost: other.test\r\n\r\n"],
  ])("is told that it speaks no HTTP, or heard strictly, with %s", async (_, said) => {
    const answer = await converse(
      on().bench.port,
      `${said.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}`,
    );
    expect(answer).not.toMatch("reached other");
    for (const { headers } of on().asked) expect(headers.host).toBe("example.test");
  });

  it("is told when its headers are too large", async () => {
    expect(
      await converse(on().bench.port, get("http://example.test/", `Host: x\r\nX: ${"x".repeat(20_000)}\r\n`)),
    ).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("is judged anew at each request of a connection that it keeps", async () => {
    const socket = await dial(on().bench.port);
    socket.write("GET http://example.test/ HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await hear(socket, "reached")).toMatch("200 OK");
    socket.write("GET http://other.test/ HTTP/1.1\r\nHost: example.test\r\n\r\n");
    expect(await hear(socket)).toMatch("403 Forbidden");
    expect(on().world.connected).toEqual([`${exampleAddress}:80`]);
  });

  it("cannot send a second request, to another host, behind one that has no answer yet", async () => {
    const first = "GET http://example.test/ HTTP/1.1\r\nHost: x\r\n\r\n";
    await converse(on().bench.port, `${first}${get("http://other.test/")}`);
    for (const { headers } of on().asked) expect(headers.host).toBe("example.test");
    expect(on().world.connected).not.toContain(`${otherAddress}:80`);
  });

  it("gets redirects as they are: following one is a new request", async () => {
    const answer = await converse(on().bench.port, get("http://example.test/away"));
    expect(answer).toMatch("Location: http://169.254.169.254/latest/");
    expect(await converse(on().bench.port, get("http://169.254.169.254/latest/"))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
  });

  it("gains nothing by a name that answers otherwise the second time: it is looked up once a connection", async () => {
    expect(await converse(on().bench.port, get("http://rebinding.wild.test/"))).toMatch("reached");
    expect(on().looks()).toBe(1);
    expect(await converse(on().bench.port, get("http://rebinding.wild.test/"))).toMatch(/^HTTP\/1\.1 403 /);
    expect(on().world.connected).toEqual([`${exampleAddress}:80`]);
  });

  it("has no name looked up that it may not reach, so that none carries anything out", async () => {
    for (const name of ["secret.other.test", "secret.example.test", "wild.test", "localhost"])
      await converse(on().bench.port, get(`http://${name}/`));
    expect(on().lookedUp).toEqual([]);
    await converse(on().bench.port, get("http://www.wild.test/"));
    expect(on().lookedUp).toEqual(["www.wild.test"]);
  });

  it("has each kind of attempt in its log once, with host and port, and what was no attempt at all", () => {
    expect(on().bench.lines).toContain(
      "network: no connection to what was asked for: it is neither HTTP nor SOCKS",
    );
    expect(on().bench.lines).toContain("network: no connection to other.test:80: it is not in network.allow");
    expect(new Set(on().bench.lines).size).toBe(on().bench.lines.length);
  });
});
