import { expect, test } from "vitest";
import { prefersPage, prefersPlainText, takesCoding } from "./accept.ts";

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

test.each([
  [undefined, false],
  ["*/*", false],
  ["application/json", false],
  ["text/html", true],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", true],
  ["text/html;q=0.5, application/json", false],
])("Accept: %s means a page: %s", (header, page) => {
  expect(prefersPage(header)).toBe(page);
});

test.each([
  [undefined, false],
  ["gzip, deflate", false],
  ["gzip, deflate, br", true],
  ["BR;q=0.1", true],
  ["br;q=0, gzip", false],
])("Accept-Encoding: %s takes Brotli: %s", (header, takes) => {
  expect(takesCoding(header, "br")).toBe(takes);
});
