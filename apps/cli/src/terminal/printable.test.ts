import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("nothing that acts on a terminal gets through, in any form", () => {
  expect(printable("\u001B]0;title\u0007\u001B[2J\u009B1A\r\u0008\u007F")).toBe(
    String.raw`^[]0;title^G^[[2J\u{9b}1A^M^H^?`,
  );
  expect(printable("a\u202Eb\u2066c\u2028d")).toBe(String.raw`a\u{202e}b\u{2066}c\u{2028}d`);
});

test("tabs, letters of all scripts and emoji stay", () => {
  expect(printable("a\tб\u{1F6A2}é")).toBe("a\tб\u{1F6A2}é");
});

test("colours stay where they are asked for, and end with the line; elsewhere they are left out", () => {
  const red = "\u001B[1;31mred";
  expect(printable(`${red}\u001B[0m!`)).toBe("red!");
  expect(printable(red, { colours: true })).toBe(`${red}\u001B[0m`);
  expect(printable("\u0007[3m\u001B[?3m\u001B[3;J")).toBe("^G[3m^[[?3m^[[3;J");
  // Of these, none is a colour, whatever it ends with.
  expect(printable("\u0007[3m\u001B[?3m\u001B[3;J", { colours: true })).toBe("^G[3m^[[?3m^[[3;J");
});
