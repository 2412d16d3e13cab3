import { expect, test } from "vitest";
import { maySharePython } from "./may-share-python.ts";

const image = { PATH: "/usr/bin", HOME: "/tmp", LANG: "C.UTF-8", PYTHONUNBUFFERED: "1" };
const step = { ...image, PYTHONPATH: "/workspace", LONGSHORE_STEP: "3", GREETING: "hello" };

test("a Step whose variables no interpreter reads when it starts may share one", () => {
  expect(maySharePython(step, image)).toBe(true);
  expect(maySharePython({ ...step, HOME: "/workspace" }, image)).toBe(true);
});

test.each([
  { PYTHONHASHSEED: "0" },
  { PYTHONUNBUFFERED: "" },
  { PYTHONPATH: "/workspace:lib" },
  { LANG: "C" },
  { LC_ALL: "C" },
  { PATH: "/workspace" },
  { TZ: "Asia/Tokyo" },
  { LD_PRELOAD: "/workspace/own.so" },
  { MALLOC_ARENA_MAX: "1" },
])("a Step with %j may not", (env) => {
  expect(maySharePython({ ...step, ...env }, image)).toBe(false);
});

test("a Step that lacks what the image sets may not", () => {
  const { PYTHONUNBUFFERED: _, ...rest } = step;
  expect(maySharePython(rest, image)).toBe(false);
});

test("an environment that the kernel might refuse goes to the kernel", () => {
  expect(maySharePython({ ...step, BIG: "x".repeat(1_048_576) }, image)).toBe(false);
});
