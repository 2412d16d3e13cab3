import { expect, test } from "vitest";
import { readCredentials } from "./read-credentials.ts";

const key = `lsk_abcd2345_${"k".repeat(43)}`;
const other = `lsk_abcd2345_${"o".repeat(43)}`;
const read = (authorization?: string, apiKey?: string) => readCredentials({ authorization, apiKey });

test.each([
  ["as a bearer", `Bearer ${key}`, undefined],
  ["as a bearer, written otherwise", `bEARER   ${key} `, undefined],
  ["as X-API-Key", undefined, key],
  ["in both, the same", `Bearer ${key}`, key],
  ["as X-API-Key, where a proxy has an Authorization of its own", "Basic dXNlcjpwYXNz", key],
])("a key is read %s", (_, authorization, apiKey) => {
  expect(read(authorization, apiKey)).toEqual({ type: "key", key });
});

test.each([
  ["another in each header", `Bearer ${other}`, key],
  ["a bearer without a token", "Bearer", undefined],
  ["an empty X-API-Key", undefined, ""],
  ["two keys in one header", undefined, `${key}, ${key}`],
  ["a key that was cut off", `Bearer ${key.slice(0, -1)}`, undefined],
  ["a token of somebody else's", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", undefined],
])("%s is no key", (_, authorization, apiKey) => {
  expect(read(authorization, apiKey)).toEqual({ type: "unreadable" });
});

test("no header, or one for a proxy alone, brings no key", () => {
  expect(read()).toEqual({ type: "none" });
  expect(read("Basic dXNlcjpwYXNz")).toEqual({ type: "none" });
});
