import { expect, test } from "vitest";
import { runtimeTraits } from "./runtime-traits.ts";

test.each([
  ["runc", false],
  ["crun", false],
  ["a-runtime-of-tomorrow", false],
  ["runsc", true],
  ["runsc-kvm", true],
  ["kata", true],
  ["kata-qemu", true],
])("%s has a kernel of its own: %s", (runtime, ownKernel) => {
  expect(runtimeTraits(runtime)).toEqual({ ownKernel });
});
