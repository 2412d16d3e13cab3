import { expect, test } from "vitest";
import { findForeign } from "./local-request.ts";

const find = (host: string, origin?: string) => findForeign({ host, origin }, ["https://app.example.org"]);

test.each([
  ...["localhost", "localhost:8000", "LOCALHOST:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000"],
  ...["jobs.localhost:8000", "192.168.1.5:8000", "api"],
])("a request to %s came by no name that somebody let point here", (host) => {
  expect(find(host)).toBeNull();
});

test.each([
  "evil.example",
  "evil.example:8000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "localhost.",
  "printer.local",
  "user@evil.example",
  "",
])("a request to %j came by a name that somebody let point here", (host) => {
  expect(find(host)).toBe("host_not_allowed");
});

test.each(["http://localhost:8000", "https://app.example.org"])("the page %s may ask", (origin) => {
  expect(find("localhost:8000", origin)).toBeNull();
});

test.each([
  "https://evil.example",
  "http://localhost:3000",
  "http://127.0.0.1:8000",
  "null",
  "https://app.example.org.evil",
])("the page %s may not", (origin) => {
  expect(find("localhost:8000", origin)).toBe("origin_not_allowed");
});
