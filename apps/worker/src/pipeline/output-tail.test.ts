import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutputTail } from "./output-tail.ts";

test("keeps the last characters of what was printed, whatever the lines were", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 })), fc.integer({ min: 1, max: 60 }), (lines, most) => {
      const tail = createOutputTail(most);
      for (const line of lines) tail.add(line);
      expect(tail.text()).toBe(lines.join("\n").slice(-most));
    }),
  );
});

test("of one line that is longer than all, keeps its end", () => {
  const tail = createOutputTail(4);
  tail.add("0123456789");
  expect(tail.text()).toBe("6789");
});

test("of nothing keeps nothing", () => {
  expect(createOutputTail(4).text()).toBe("");
});
