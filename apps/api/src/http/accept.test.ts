import { expect, test } from "vitest";
import { prefersPlainText } from "./accept.ts";

test.each([
  [undefined, false],
  ["*/*", false],
  ["text/plain", true],
  ["TEXT/PLAIN; charset=utf-8", true],
  ["text/*", true],
  ["application/json", false],
  ["text/plain, application/json", false],
  ["text/plain, application/json;q=0.5", true],
  ["text/plain;q=0.1, */*", false],
  ["text/html, */*;q=0.8", false],
  ["text/plain;q=x", false],
  ["", false],
])("Accept: %s means text: %s", (header, text) => {
  expect(prefersPlainText(header)).toBe(text);
});
