import { expect, test } from "vitest";
import { isLimitText, toLimitChanges, toLimitsDraft } from "./limits-draft.ts";

const own = { unfinished: null, queued: 5, per_minute: 0, stored_mb: null };

test("limits that are as before are not sent, an empty one is the service's, and 0 is without a bound", () => {
  const before = toLimitsDraft(own);
  expect(toLimitChanges(before, before)).toEqual({});
  expect(toLimitChanges(before, { ...before, unfinished: " 7 ", queued: " " })).toEqual({
    ...{ unfinished: 7, queued: null },
  });
  expect(toLimitChanges(before, { ...before, stored_mb: "0" })).toEqual({ stored_mb: 0 });
});

test.each(["-1", "1.5", "1e3", "none", "１", "0x10"])("%s is no limit", (text) => {
  expect(isLimitText(text)).toBe(false);
});
