import fc from "fast-check";
import { expect, test } from "vitest";
import { allowsRange, matchesIfNoneMatch, toEntityTag } from "./entity-tag.ts";

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);

test("a tag is found among others, weak or strong, and no other tag is taken for it", () => {
  fc.assert(
    fc.property(hash, hash, fc.boolean(), (mine, other, weak) => {
      const tag = toEntityTag(mine);
      const others = toEntityTag(other);
      expect(matchesIfNoneMatch(`${others}, ${weak ? "W/" : ""}${tag}`, tag)).toBe(true);
      expect(matchesIfNoneMatch(others, tag)).toBe(mine === other);
      expect(allowsRange(tag, tag)).toBe(true);
      expect(allowsRange(others, tag)).toBe(mine === other);
    }),
  );
});

test("without a condition everything is given, * has everything, and a weak tag or a date allows no part", () => {
  const tag = toEntityTag("ab");
  expect(matchesIfNoneMatch(undefined, tag)).toBe(false);
  expect(matchesIfNoneMatch("*", tag)).toBe(true);
  expect(allowsRange(undefined, tag)).toBe(true);
  expect(allowsRange(`W/${tag}`, tag)).toBe(false);
  expect(allowsRange("Sat, 21 Nov 2026 08:00:00 GMT", tag)).toBe(false);
});
