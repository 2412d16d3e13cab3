import { describe, expect, it } from "vitest";
import type { ListedOutput } from "../sandbox-provider.ts";
import { createListingReader } from "./output-listing.ts";

function read(bytes: Buffer, size = bytes.length) {
  const listed: (ListedOutput | null)[] = [];
  const rest: Buffer[] = [];
  const reader = createListingReader((output) => listed.push(output));
  for (let at = 0; at < bytes.length; at += size) {
    const after = reader.push(bytes.subarray(at, at + size));
    if (after !== null) rest.push(after);
  }
  return { listed, rest: Buffer.concat(rest).toString() };
}

describe("a listing at the head of a stream", () => {
  const bytes = Buffer.concat([
    Buffer.from("r f 3 a\0- d 60 no\0r s 0 it's a\n socket \0- p 0 "),
    Buffer.from([0xff, 0xfe, 0, 0]),
    Buffer.from("\0a tar\0\0r f 3 in it\0"),
  ]);

  it.each([1, 2, 7, 1_000])(
    "has kind, size and any name, and ends where the tar begins, in chunks of %i bytes",
    (size) => {
      const { listed, rest } = read(bytes, size);
      expect(listed).toEqual([
        { kind: "file", readable: true, bytes: 3, path: Buffer.from("a") },
        { kind: "folder", readable: false, bytes: 60, path: Buffer.from("no") },
        { kind: "socket", readable: true, bytes: 0, path: Buffer.from("it's a\n socket ") },
        { kind: "fifo", readable: false, bytes: 0, path: Buffer.from([0xff, 0xfe]) },
        null,
      ]);
      expect(rest).toBe("\0a tar\0\0r f 3 in it\0");
    },
  );

  it("of an empty workspace is its end alone", () => {
    expect(read(Buffer.from("\0tar"))).toEqual({ listed: [null], rest: "tar" });
  });

  it.each([
    ["is none", "hello\0"],
    ["lies about its size", "r f -1 x\0"],
    ["was cut off by a kill", "r f 1 x!\0!\0"],
  ])("is not said to be whole where a record %s, and the tar comes all the same", (_, text) => {
    const { listed, rest } = read(Buffer.from(`r f 1 y\0${text}\0tar`));
    expect(listed[0]).toMatchObject({ path: Buffer.from("y") });
    expect(listed).not.toContain(null);
    expect(rest).toBe("tar");
  });

  it("is refused where a record never ends", () => {
    expect(() => read(Buffer.from("x".repeat(20_000)), 1_000)).toThrow("a record that is too long");
  });
});
