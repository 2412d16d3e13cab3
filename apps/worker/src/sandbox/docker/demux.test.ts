import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDemuxer, demux } from "./demux.ts";

function framed(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

function cutAt(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe("createDemuxer", () => {
  it("gives each stream its bytes in order, wherever the chunks are cut", () => {
    const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 50 })));
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (parts, sizes) => {
        const whole = Buffer.concat(parts.map(([kind, bytes]) => framed(kind, Buffer.from(bytes))));
        const demuxer = createDemuxer();
        const pieces = cutAt(whole, sizes).flatMap((chunk) => [...demuxer.push(chunk)]);
        for (const [kind, stream] of [[1, "stdout"] as const, [2, "stderr"] as const]) {
          const sent = parts.filter(([of]) => of === kind).map(([, bytes]) => Buffer.from(bytes));
          const got = pieces.filter((piece) => piece.stream === stream).map((piece) => piece.bytes);
          expect(Buffer.concat(got)).toEqual(Buffer.concat(sent));
        }
      }),
    );
  });

  it("collects nothing of a frame that claims 4 GiB", () => {
    const head = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    const pieces = [...createDemuxer().push(Buffer.concat([head, Buffer.from("abc")]))];
    expect(pieces).toEqual([{ stream: "stdout", bytes: Buffer.from("abc") }]);
  });

  it.each([
    ["an unknown kind", [3, 0, 0, 0, 0, 0, 0, 1]],
    ["bytes where zeros belong", [1, 0, 1, 0, 0, 0, 0, 1]],
  ])("refuses a head with %s", (_, head) => {
    expect(() => [...createDemuxer().push(Buffer.from(head))]).toThrow("a head that is none");
  });
});

describe("demux", () => {
  it("reads its source only as fast as its pieces are taken", async () => {
    let read = 0;
    async function* source(): AsyncGenerator<Buffer> {
      for (;;) {
        read += 1;
        yield framed(1, Buffer.from("x"));
      }
    }
    const pieces = demux(source());
    await pieces.next();
    await pieces.next();
    expect(read).toBe(2);
    await pieces.return(undefined);
  });
});
