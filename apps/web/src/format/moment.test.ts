import { expect, test } from "vitest";
import { formatMoment, formatMomentWhole } from "./moment.ts";

const midnight = new Date(2026, 2, 3, 0, 5, 9);

test("the hour after midnight is 0", () => {
  expect(formatMoment(midnight, new Date(2026, 2, 3, 9))).toBe("00:05:09");
  expect(formatMoment(midnight, new Date(2026, 2, 4, 9))).toBe("Mar 3, 00:05");
  expect(formatMomentWhole(midnight)).toBe("Mar 3, 2026, 00:05:09");
});

test("a day of another year says which", () => {
  expect(formatMoment(midnight, new Date(2027, 0, 1))).toBe("Mar 3, 2026");
});
