import { describe, expect, it } from "vitest";
import type { ListedOutput } from "../sandbox-provider.ts";
import { readListing } from "./output-listing.ts";

async function listed(bytes: Buffer, size = bytes.length): Promise<ListedOutput[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const outputs: ListedOutput[] = [];
  for await (const output of readListing(chunks())) outputs.push(output);
  return outputs;
}

describe("readListing", () => {
  const bytes = Buffer.concat([
    Buffer.from("r f 3 a\0- d 60 no\0r s 0 it's a\n socket \0- p 0 "),
    Buffer.from([0xff, 0xfe, 0]),
  ]);

  it.each([1, 2, 7, 1_000])("reads kind, size and any name, in chunks of %i bytes", async (size) => {
    expect(await listed(bytes, size)).toEqual([
      { kind: "file", readable: true, bytes: 3, path: Buffer.from("a") },
      { kind: "folder", readable: false, bytes: 60, path: Buffer.from("no") },
      { kind: "socket", readable: true, bytes: 0, path: Buffer.from("it's a\n socket ") },
      { kind: "fifo", readable: false, bytes: 0, path: Buffer.from([0xff, 0xfe]) },
    ]);
  });

  it.each([
    ["is no record", "hello\0"],
    ["lies about its size", "r f -1 x\0"],
    ["is cut off", "r f 1 x"],
    ["never ends", "x".repeat(20_000)],
  ])("refuses what %s", async (_, text) => {
    await expect(listed(Buffer.from(text))).rejects.toThrow("The listing of /workspace");
  });
});
