import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const [old, fresh] = [randomBytes(32), randomBytes(32)];
const box = createSecretBox({ current: old, previous: [] });

test("what is sealed opens again, for the job that it was sealed for alone", () => {
  const sealed = box.seal('{"TOKEN":"hunter2 ⚓"}', "job one");
  expect(sealed.bytes.toString("latin1")).not.toContain("hunter2");
  expect(box.open(sealed, "job one")).toBe('{"TOKEN":"hunter2 ⚓"}');
  expect(box.open(sealed, "job two")).toBeNull();
});

test("the same text is sealed otherwise each time", () => {
  expect(box.seal("same", "job").bytes).not.toEqual(box.seal("same", "job").bytes);
});

test("what was changed, or cut, does not open", () => {
  const { keyId, bytes } = box.seal("a secret", "job");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    expect(box.open({ keyId, bytes: changed }, "job")).toBeNull();
    expect(box.open({ keyId, bytes: bytes.subarray(0, at) }, "job")).toBeNull();
  }
});

test("after a rotation the key of before still opens, and what is new needs the new one", () => {
  const rotated = createSecretBox({ current: fresh, previous: [old] });
  expect(rotated.open(box.seal("before", "job"), "job")).toBe("before");
  expect(box.open(rotated.seal("after", "job"), "job")).toBeNull();
  expect(rotated.digests("body")[1]).toBe(box.digests("body")[0]);
});

test("a digest is the same for the same text, and another by another key", () => {
  const other = createSecretBox({ current: fresh, previous: [] });
  expect(box.digests("body")).toEqual(box.digests("body"));
  expect(box.digests("body")).not.toEqual(box.digests("bodY"));
  expect(box.digests("body")).not.toEqual(other.digests("body"));
});
