import { expect, test } from "vitest";
import { isJobId, newJobId } from "./job-id.ts";

test("ids sort by the time at which they were made", () => {
  const ids = Array.from({ length: 1_000 }, () => newJobId());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1_000);
});

test("an id is a UUID of version 7, and any UUID may be asked for", () => {
  expect(newJobId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(isJobId("01980000-0000-7000-8000-000000000000")).toBe(true);
});

test.each([
  "",
  "1",
  "01980000",
  "01980000-0000-7000-8000-00000000000g",
  "../etc",
  "01980000-0000-7000-8000-000000000000 ",
])("%j is no id", (text) => {
  expect(isJobId(text)).toBe(false);
});
