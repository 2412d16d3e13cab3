import { describe, expect, it } from "vitest";
import { createTail, printableText } from "./printable-text.ts";

describe("printableText", () => {
  it.each([
    ["colours", "\u001b[31mred\u001b[0m", "red"],
    ["newlines and NUL", "a\n\0b", "a b"],
    ["a title sequence", "\u001b]0;x\u0007y", "]0;x y"],
    ["text turned round", "a\u202eb", "a b"],
  ])("leaves out %s", (_, text, printable) => {
    expect(printableText(text, 100)).toBe(printable);
  });
});

describe("createTail", () => {
  it("keeps the last bytes of a stream only", () => {
    const tail = createTail(5);
    for (const piece of ["abc", "defghijk", "l"]) tail.push(Buffer.from(piece));
    expect(tail.text()).toBe("hijkl");
  });
});
