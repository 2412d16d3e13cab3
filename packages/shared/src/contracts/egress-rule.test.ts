import { describe, expect, it } from "vitest";
import { readEgressRule } from "./egress-rule.ts";

const name = (text: string) => ({ type: "name", text });
const address = (text: string) => ({ type: "address", text });

describe("an entry of network.allow", () => {
  it.each([
    ["example.com", { host: name("example.com"), isWildcard: false, port: null }],
    ["localhost", { host: name("localhost"), isWildcard: false, port: null }],
    ["example.com:8443", { host: name("example.com"), isWildcard: false, port: 8_443 }],
    ["*.example.com", { host: name("example.com"), isWildcard: true, port: null }],
    ["*.example.com:1", { host: name("example.com"), isWildcard: true, port: 1 }],
    ["xn--bcher-kva.example", { host: name("xn--bcher-kva.example"), isWildcard: false, port: null }],
    ["_dmarc.3com.example:65535", { host: name("_dmarc.3com.example"), isWildcard: false, port: 65_535 }],
    ["192.0.2.7", { host: address("192.0.2.7"), isWildcard: false, port: null }],
    ["192.0.2.7:53", { host: address("192.0.2.7"), isWildcard: false, port: 53 }],
    ["[2001:db8::1]", { host: address("2001:db8::1"), isWildcard: false, port: null }],
    ["[2001:db8::1]:443", { host: address("2001:db8::1"), isWildcard: false, port: 443 }],
    [`${"a".repeat(63)}.b`, { host: name(`${"a".repeat(63)}.b`), isWildcard: false, port: null }],
  ])("%s is read", (text, rule) => {
    expect(readEgressRule(text)).toEqual({ ok: true, value: rule });
  });

  it.each([
    ["is empty", ""],
    ["is a star", "*"],
    ["is a star and a dot", "*."],
    ["has a star elsewhere", "www.*.com"],
    ["has a star within a label", "*a.com"],
    ["has two stars", "*.*.com"],
    ["has a star before an address", "*.[2001:db8::1]"],
    ["is in upper case", "Example.com"],
    ["ends with a dot", "example.com."],
    ["has an empty label", "a..b"],
    ["begins with a dot", ".example.com"],
    ["begins a label with a hyphen", "-a.com"],
    ["ends a label with a hyphen", "a-.com"],
    ["has a label of 64 characters", `${"a".repeat(64)}.b`],
    ["has 254 characters", `${"a.".repeat(126)}aa`],
    ["is a URL", "https://example.com"],
    ["has a path", "example.com/x"],
    ["has a user", "user@example.com"],
    ["has a NUL", "example.com\0"],
    ["has a line break", "example.com\r\nx"],
    ["has a space", "example.com "],
    ["has another script", "bücher.example"],
    ["has a dot of another script", "example\u3002com"],
    ["has an escape", "example%2ecom"],
    ["has no port behind its colon", "example.com:"],
    ["has port 0", "example.com:0"],
    ["has port 65536", "example.com:65536"],
    ["has a port with a zero before it", "example.com:080"],
    ["has a port with a sign", "example.com:+80"],
    ["has a port by name", "example.com:http"],
    ["has two ports", "example.com:80:443"],
    ["is an address in decimal", "3232235777"],
    ["is an address in octal", "0300.0.0.1"],
    ["is an address in hexadecimal", "0xc0.0xa8.0x0.0x1"],
    ["is an address in one hexadecimal number", "0xc0a80001"],
    ["is a short address", "127.1"],
    ["has an octet over 255", "1.2.3.256"],
    ["has five octets", "1.2.3.4.5"],
    ["is IPv6 without brackets", "2001:db8::1"],
    ["is IPv6 in upper case", "[2001:DB8::1]"],
    ["is IPv6 not in its shortest form", "[2001:db8:0::1]"],
    ["is IPv6 with a mapped address in dots", "[::ffff:127.0.0.1]"],
    ["is IPv6 with a zone", "[fe80::1%eth0]"],
    ["opens a bracket", "[2001:db8::1"],
    ["has brackets around a name", "[example.com]"],
  ])("that %s is refused", (_, text) => {
    expect(readEgressRule(text)).toEqual({ ok: false, failure: expect.stringMatching(/^must /) });
  });
});
