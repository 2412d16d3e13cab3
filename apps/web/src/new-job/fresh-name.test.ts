import { expect, test } from "vitest";
import { freshName } from "./fresh-name.ts";

test("a name that is taken gets the first number that is free, before its ending", () => {
  expect(freshName("image.png", new Set())).toBe("image.png");
  expect(freshName("image.png", new Set(["image.png", "image-2.png"]))).toBe("image-3.png");
  expect(freshName("notes", new Set(["notes"]))).toBe("notes-2");
  expect(freshName(".env", new Set([".env"]))).toBe(".env-2");
});
