import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSandboxName, sandboxName, sandboxUid, warmName } from "./sandbox-name.ts";

describe("the name of a container", () => {
  it("says Job and Attempt, and is read back with the slash that engines put before it", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 999 }), (jobId, attempt) => {
        expect(readSandboxName(`/${sandboxName(jobId, attempt)}`)).toEqual({ jobId, attempt });
      }),
    );
  });

  it.each([
    warmName("0198c0de-0000-7000-8000-000000000000"),
    "longshore-0198c0de-0000-7000-8000-000000000000-a0",
    "longshore-0198c0de-0000-7000-8000-000000000000-a1x",
    "longshore-../../etc-a1",
    "",
  ])("says nothing where it is %j", (name) => {
    expect(readSandboxName(name)).toBeNull();
  });
});

describe("sandboxUid", () => {
  it("is between 20000 and 20999, and the same each time", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(sandboxUid(name)).toBeGreaterThanOrEqual(20_000);
        expect(sandboxUid(name)).toBeLessThan(21_000);
        expect(sandboxUid(name)).toBe(sandboxUid(name));
      }),
    );
  });
});
