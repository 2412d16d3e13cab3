import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createHardenedContainer } from "./hardened-container.ts";
import type { HardenedContainer } from "./hardened-container.ts";

const allowed = ["unix", "TCP", "UDP", "TCP on IPv6", "NETLINK_ROUTE"].map((name) => `socket ${name}`);
allowed.push("personality as it is");
const notThere = [
  ...["io_uring_setup", "io_uring_enter", "io_uring_register", "clone3", "splice", "tee", "vmsplice"],
  ...["memfd_secret", "statmount", "listmount", "a call of a later kernel"],
];
const otherAbi = ["i386 getpid", "x32 getpid"];
// An engine whose libseccomp does not know the newest calls yet answers these with its default.
const either = ["statmount", "listmount", "memfd_secret"];

describe.each([
  {
    whose: "engine",
    create: () => createHardenedContainer(),
    run: (container: HardenedContainer) => container.exec,
  },
  // As under a runtime that gives the engine's filter to no step.
  {
    whose: "launcher",
    create: () => createHardenedContainer("unconfined"),
    run: (container: HardenedContainer) => container.launch,
  },
])("by the filter of the $whose alone", ({ create, run }) => {
  let container: HardenedContainer;
  let found: ReadonlyMap<string, string>;
  beforeAll(async () => {
    container = await create();
    const code = await readFile(new URL("denied-calls.py", import.meta.url), "utf8");
    const { stdout, stderr } = await run(container)("python3", "-c", code);
    expect(stderr).toBe("");
    found = new Map(Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(stdout))));
  }, 60_000);
  afterAll(() => container.remove());

  test("the sockets that programs need can be opened", () => {
    for (const name of allowed) expect([name, found.get(name)]).toEqual([name, "ok"]);
  });

  test("calls that have an older way say that they do not exist", () => {
    for (const name of notThere)
      expect([name, found.get(name)]).toEqual([
        name,
        either.includes(name) ? expect.stringMatching(/^(ENOSYS|EPERM)$/) : "ENOSYS",
      ]);
  });

  test("calls of another ABI end the program", () => {
    for (const name of otherAbi.filter((name) => found.has(name)))
      // SIGSEGV: a kernel that was built or told to have no such interface at all.
      expect([name, found.get(name)]).toEqual([name, expect.stringMatching(/^(SIGSYS|SIGSEGV)$/)]);
  });

  test("every other call is refused, high bits or not", () => {
    const named = new Set([...allowed, ...notThere, ...otherAbi]);
    const refused = [...found].filter(([name]) => !named.has(name));
    expect(refused.length).toBeGreaterThan(60);
    for (const [name, result] of refused) expect([name, result]).toEqual([name, "EPERM"]);
  });
});
