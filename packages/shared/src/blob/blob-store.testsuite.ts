import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, test } from "vitest";
import type { BlobStore, BlobRecord } from "./blob-store.ts";

/** What every BlobStore does. `makeStore` gives an empty one for each test. */
export function describeBlobStore(name: string, makeStore: () => Promise<BlobStore>): void {
  describe(`a BlobStore: ${name}`, () => {
    let store: BlobStore;
    beforeEach(async () => {
      store = await makeStore();
    });

    const put = async (key: string, content: Buffer) => {
      const writer = valueOf(await store.create(key));
      writer.sink.write(content);
      return valueOf(await writer.commit());
    };
    const all = (found: readonly BlobRecord[]) => Promise.resolve(found.map(({ key }) => key));
    const listed = async () => {
      const records: BlobRecord[] = [];
      for await (const record of store.list()) records.push(record);
      return records;
    };

    test("gives back the bytes it took, and knows their length and hash", async () => {
      const content = randomBytes(3_000_000);
      expect(await put("a-1.zip", content)).toEqual({
        bytes: content.length,
        sha256: createHash("sha256").update(content).digest("hex"),
      });
      const { size, stream } = valueOf(await store.open("a-1.zip"));
      expect(size).toBe(content.length);
      expect((await buffer(stream)).equals(content)).toBe(true);
      expect(valueOf(await store.stat("a-1.zip")).bytes).toBe(content.length);
    });

    test("gives a part of a blob, cut at the last byte", async () => {
      await put("a.zip", Buffer.from("0123456789"));
      const part = async (start: number, end?: number) =>
        (
          await buffer(
            valueOf(await store.open("a.zip", end === undefined ? { start } : { start, end })).stream,
          )
        ).toString();
      expect(await part(2, 4)).toBe("234");
      expect(await part(7)).toBe("789");
      expect(await part(9, 900)).toBe("9");
      expect(await store.open("a.zip", { start: 10 })).toMatchObject({
        ok: false,
        failure: { code: "bad_range" },
      });
    });

    test("keeps an empty blob", async () => {
      await put("empty.zip", Buffer.alloc(0));
      const { size, stream } = valueOf(await store.open("empty.zip"));
      expect(size).toBe(0);
      expect(await buffer(stream)).toHaveLength(0);
    });

    test("shows nothing of a blob that was not committed", async () => {
      const writer = valueOf(await store.create("half.zip"));
      writer.sink.write(randomBytes(100_000));
      expect(await store.open("half.zip")).toMatchObject({ ok: false, failure: { code: "not_found" } });
      expect(await listed()).toEqual([]);
      await writer.abort();
      await writer.abort();
      expect(await store.stat("half.zip")).toMatchObject({ ok: false, failure: { code: "not_found" } });
      expect(await store.removeTemporaries(all)).toBe(0);
    });

    test("lets two writers of one key go on beside each other, and the last commit wins", async () => {
      const first = valueOf(await store.create("same.zip"));
      const second = valueOf(await store.create("same.zip"));
      first.sink.write("first");
      second.sink.write("second");
      valueOf(await second.commit());
      valueOf(await first.commit());
      expect((await buffer(valueOf(await store.open("same.zip")).stream)).toString()).toBe("first");
    });

    test("removes a blob once, and a reader that has it open reads on", async () => {
      const content = randomBytes(2_000_000);
      await put("gone.zip", content);
      const { stream } = valueOf(await store.open("gone.zip"));
      expect(await store.remove("gone.zip")).toEqual({ ok: true, value: true });
      expect(await store.remove("gone.zip")).toEqual({ ok: true, value: false });
      expect((await buffer(stream)).equals(content)).toBe(true);
    });

    test("lists every finished blob", async () => {
      await put("b.zip", Buffer.from("bb"));
      await put("c.zip", Buffer.from("c"));
      const records = (await listed()).toSorted((left, right) => left.key.localeCompare(right.key));
      expect(records.map(({ key, bytes }) => [key, bytes])).toEqual([
        ["b.zip", 2],
        ["c.zip", 1],
      ]);
      const keys: string[] = [];
      for await (const key of store.keys()) keys.push(key);
      expect(keys.toSorted()).toEqual(["b.zip", "c.zip"]);
    });

    test("removes of what is being written that which is picked", async () => {
      const writers = [];
      for (const key of ["crashed.zip", "writing.zip"]) {
        const writer = valueOf(await store.create(key));
        await new Promise((resolve) => writer.sink.write("some", resolve));
        writers.push(writer);
      }
      await put("whole.zip", Buffer.from("whole"));
      const seen: string[] = [];
      const pick = (found: readonly BlobRecord[]) => {
        seen.push(...found.map(({ key }) => key));
        for (const { bytes, modifiedAt } of found) {
          expect(bytes).toBe(4);
          expect(Date.now() - modifiedAt.getTime()).toBeLessThan(60_000);
        }
        return Promise.resolve(["crashed.zip", "whole.zip"]);
      };
      expect(await store.removeTemporaries(pick)).toBe(1);
      expect(new Set(seen)).toEqual(new Set(["crashed.zip", "writing.zip"]));
      expect((await listed()).map(({ key }) => key)).toEqual(["whole.zip"]);
      const [crashed, writing] = writers;
      expect(await crashed?.commit()).toMatchObject({ ok: false });
      expect(await writing?.commit()).toMatchObject({ ok: true });
      expect((await listed()).map(({ key }) => key).toSorted()).toEqual(["whole.zip", "writing.zip"]);
    });

    test.each(["../up.zip", "a/b.zip", "", "A.zip", ".hidden.zip", "a.zip\0", "a.tar"])(
      "refuses %j as a key",
      async (key) => {
        await expect(store.create(key)).rejects.toThrow(TypeError);
        await expect(store.open(key)).rejects.toThrow(TypeError);
        await expect(store.remove(key)).rejects.toThrow(TypeError);
      },
    );
  });
}

function valueOf<Value>(result: { ok: true; value: Value } | { ok: false; failure: unknown }): Value {
  if (!result.ok) throw new Error(`expected it to go well: ${JSON.stringify(result.failure)}`);
  return result.value;
}
