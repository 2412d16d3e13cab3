import fc from "fast-check";
import { expect, it } from "vitest";
import { clientHello } from "../../../../tests/egress/client-hello.fixture.ts";
import { longestHelloBytes, readClientHello } from "./client-hello.ts";

const whole = clientHello({ serverName: "example.test" });

it("gives the server's name, however the hello is cut into records", () => {
  for (const recordBytes of [1, 5, 100, 16_384]) {
    expect(readClientHello(clientHello({ serverName: "example.test", recordBytes }))).toEqual({
      ...{ type: "client_hello", serverName: "example.test", encryptsHello: false },
    });
  }
});

it("asks for more until the hello is whole, and looks at nothing behind it", () => {
  for (let length = 0; length < whole.length; length += 1)
    expect(readClientHello(whole.subarray(0, length))).toEqual({ type: "more_needed" });
  expect(readClientHello(Buffer.concat([whole, Buffer.from([23, 3, 3, 0, 1, 0])]))).toMatchObject({
    type: "client_hello",
  });
});

it("does not ask for more than the bound", () => {
  const endless = Buffer.concat([
    Buffer.from([22, 3, 1, 64, 0, 1, 0, 63, 0]),
    Buffer.alloc(longestHelloBytes),
  ]);
  expect(readClientHello(endless).type).not.toBe("more_needed");
  expect(readClientHello(Buffer.from([22, 3, 1, 64, 0, 1, 1, 0, 0]))).toEqual({ type: "broken" });
});

it.each([
  ["of TLS", [21, 3, 1, 0, 2, 1, 100]],
  ["of version 2.1", [21, 2, 1, 0, 2, 1, 100]],
  ["of version 0.0", [21, 0, 0, 0, 2, 1, 0]],
  ["of version 15.255", [21, 15, 255, 0, 2, 1, 90]],
  ["of version 254.255", [21, 254, 255, 0, 2, 1, 90]],
])("takes an alert %s, which servers skip, for no other protocol, wherever it is cut", (_, alert) => {
  const bytes = Buffer.concat([Buffer.from(alert), whole]);
  for (let length = 1; length <= bytes.length; length += 1)
    expect(readClientHello(bytes.subarray(0, length)).type).toBe(
      length >= (alert[1] === 3 ? 2 : 5) ? "broken" : "more_needed",
    );
});

it.each([
  ["a message of MongoDB of 277 bytes", [21, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
  ["a message whose length comes first", [21, 0, 0, 0, 0, 3, 0, 0]],
  ["text", [...Buffer.from("SSH-2.0-x")]],
])("takes %s for another protocol", (_, bytes) => {
  expect(readClientHello(Buffer.from(bytes))).toEqual({ type: "no_tls" });
});

it("never throws, and never finds another name than the one that is there, in a hello that was tampered with", () => {
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      const read = readClientHello(bytes.subarray(0, length));
      return ["client_hello", "broken", "more_needed", "no_tls"].includes(read.type);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      (bytes) => readClientHello(Buffer.from(bytes)).type !== "client_hello",
    ),
  );
});
