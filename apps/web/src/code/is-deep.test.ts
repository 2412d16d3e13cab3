import { common, createLowlight } from "lowlight";
import { expect, test } from "vitest";
import { isDeep } from "./is-deep.ts";

const lowlight = createLowlight(common);

test("program text as people write it is not deep", () => {
  const text = 'const a = (b) => `${[1, 2].map((c) => `<${c}>`).join("")}`;\n'.repeat(500);
  expect(isDeep(lowlight.highlight("typescript", text).children)).toBe(false);
});

test("program text of thousands of texts within texts is", () => {
  expect(isDeep(lowlight.highlight("typescript", "`${".repeat(5_000)).children)).toBe(true);
});
