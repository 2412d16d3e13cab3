import fc from "fast-check";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { splitAtSlashes } from "./entry-name.ts";
import { resolveLinkTarget } from "./link-target.ts";

const resolve = (link: string, target: string) =>
  resolveLinkTarget(splitAtSlashes(Buffer.from(link)), Buffer.from(target));

test.each([
  ["l", "file", "file"],
  ["a/b/l", "../c", "../c"],
  ["a/l", "..", ".."],
  ["a/l", ".", "."],
  ["a/l", "./x//y/", "x/y"],
  ["a/l", "../a/x", "x"],
  ["a/l", "/workspace/b/c", "../b/c"],
  ["a/l", "/workspace", ".."],
  ["l", "a:b", "a%3Ab"],
  ["l", "gone/dir/../x", "gone/x"],
])("a link %j to %j is kept as %j", (link, target, kept) => {
  expect(resolve(link, target)).toEqual({ ok: true, value: kept });
});

test.each([
  ["l", "/etc/passwd"],
  ["l", "/proc/self/root"],
  ["l", "/workspacex/a"],
  ["l", "/workspace/../etc"],
  ["l", "//workspace/a"],
  ["l", ".."],
  ["a/b", "../../x"],
  ["l", "a/../../x"],
  ["l", ""],
  ["l", "a\0b"],
  ["l", "l"],
  ["l", "x".repeat(4_000)],
  ["l", "d/".repeat(150)],
])("a link %j to %j is not kept", (link, target) => {
  expect(resolve(link, target).ok).toBe(false);
});

test("a link that is kept stays inside, whatever it was", () => {
  const step = fc.constantFrom("..", ".", "", "a", "b", "workspace", "c:d");
  const link = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 });
  const target = fc.array(step, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(link, target, (from, to) => {
      const kept = resolve(from.join("/"), to.join("/"));
      if (!kept.ok) return;
      expect(posix.isAbsolute(kept.value)).toBe(false);
      const reached = posix.join("/root", ...from.slice(0, -1), kept.value);
      expect(reached === "/root" || reached.startsWith("/root/")).toBe(true);
      // No `..` behind a name: following another kept link cannot lead out of it.
      expect(kept.value).toMatch(/^(\.\.(\/|$))*([^.]|\.[^.]|\.$|$)/);
      expect(kept.value.replace(/^(\.\.(\/|$))+/, "").split("/")).not.toContain("..");
    }),
    { numRuns: 3_000 },
  );
});
