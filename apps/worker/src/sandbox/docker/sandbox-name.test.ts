import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSandboxUser, readSandboxName, sandboxName, sandboxUid, warmName } from "./sandbox-name.ts";

describe("the name of a container", () => {
  it("says Job, Attempt and owner, and is read back with the slash that engines put before it", () => {
    const attempts = fc.integer({ min: 1, max: 999 });
    fc.assert(
      fc.property(fc.uuid(), attempts, fc.integer({ min: 0, max: 999 }), (jobId, attempt, epoch) => {
        const name = sandboxName(jobId, attempt, epoch);
        expect(readSandboxName(`/${name}`)).toEqual({ jobId, attempt, epoch });
        expect(readSandboxName(name)).toEqual({ jobId, attempt, epoch });
      }),
    );
  });

  it.each([
    warmName("0198c0de-0000-7000-8000-000000000000"),
    "longshore-0198c0de-0000-7000-8000-000000000000-a0",
    "longshore-0198c0de-0000-7000-8000-000000000000-a1x",
    "longshore-0198c0de-0000-7000-8000-000000000000-a1-e0",
    "longshore-0198c0de-0000-7000-8000-000000000000-a1-e",
    "longshore-0198c0de-0000-7000-8000-000000000000-a1-e1-e2",
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

describe("isSandboxUser", () => {
  it("is true for the users of Sandboxes and for nobody else", () => {
    expect(["20000:20000", "20999:20999"].map(isSandboxUser)).toEqual([true, true]);
    const others = [
      "",
      "0",
      "0:0",
      "root",
      "20000",
      "20000:0",
      "19999:19999",
      "21000:21000",
      "20000:20000:0",
      "20000.5:20000.5",
    ];
    expect(others.filter(isSandboxUser)).toEqual([]);
  });
});
