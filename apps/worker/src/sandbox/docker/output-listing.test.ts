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
    Buffer.from([0xff, 0xfe, 0]),
    Buffer.from("=\0!\0\0\0a tar\0\0r f 3 in it\0"),
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
    expect(read(Buffer.from("=\0!\0\0tar"))).toEqual({ listed: [null], rest: "tar" });
  });

  it.each([
    ["is none", "hello\0=\0!\0"],
    ["lies about its size", "r f -1 x\0=\0!\0"],
    ["was cut off", "r f 1 x!\0"],
    ["was cut off before its size", "r f !\0"],
    ["was the last before a cut", "!\0"],
  ])("is not said to be whole where a record %s, and the tar comes all the same", (_, text) => {
    const { listed, rest } = read(Buffer.from(`r f 1 y\0r f 1 z\0${text}\0tar`));
    expect(listed[0]).toMatchObject({ path: Buffer.from("y") });
    expect(listed.flatMap((each) => (each === null ? ["end"] : [each.path.toString()]))).toEqual(["y", "z"]);
    expect(rest).toBe("tar");
  });

  it.each([1_000, 8_192, 100_000])(
    "has paths that nobody can open as far as they are kept, and goes on, in chunks of %i bytes",
    (size) => {
      const path = Buffer.alloc(50_000, "deep/");
      const records = [Buffer.from("r f 1 "), path, Buffer.from("\0r p 0 behind\0=\0!\0\0tar")];
      const { listed, rest } = read(Buffer.concat(records), size);
      const [long, behind, end] = listed;
      expect(long?.path.equals(path.subarray(0, long.path.length))).toBe(true);
      expect(long?.path.length).toBeGreaterThan(4_096);
      expect(long?.path.length).toBeLessThanOrEqual(8_192);
      expect([behind, end]).toMatchObject([{ kind: "fifo", path: Buffer.from("behind") }, null]);
      expect(rest).toBe("tar");
    },
  );

  it("has the size of a file that claims more than any disk has", () => {
    expect(read(Buffer.from("r f 9223372036854775807 vast\0=\0!\0\0")).listed).toMatchObject([
      { kind: "file", bytes: 2 ** 63 },
      null,
    ]);
  });

  it("is refused where it never ends, and nothing of it is kept until then", () => {
    const reader = createListingReader(() => undefined);
    const chunk = Buffer.alloc(1_048_576, "x");
    const push = () => {
      for (let count = 0; count < 100; count += 1) reader.push(chunk);
    };
    expect(push).toThrow("has no end");
  });
});
