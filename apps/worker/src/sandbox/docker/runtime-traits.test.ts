import { expect, test } from "vitest";
import { runtimeTraits } from "./runtime-traits.ts";

const none = { always: 0, each: 0 };

test.each(["runc", "crun", "a-runtime-of-tomorrow"])(
  "%s shows all of the recipe inside, and no thread of its own is counted",
  (runtime) => {
    expect(runtimeTraits(runtime)).toEqual({
      ownKernel: false,
      showsAll: true,
      ownNproc: false,
      takesBounds: true,
      ownPids: none,
      shutsProcess1: true,
      helloMs: 10_000,
    });
  },
);

test.each(["kata", "kata-qemu"])(
  "%s has a kernel of its own, which shows what is inside of it",
  (runtime) => {
    expect(runtimeTraits(runtime)).toEqual({
      ownKernel: true,
      showsAll: true,
      ownNproc: false,
      takesBounds: false,
      ownPids: none,
      shutsProcess1: true,
      helloMs: 10_000,
    });
  },
);

test.each(["runsc", "runsc-kvm"])(
  "%s has a kernel of its own, which shows less and needs threads itself",
  (runtime) => {
    expect(runtimeTraits(runtime)).toMatchObject({
      ...{ ownKernel: true, showsAll: false, ownNproc: true, takesBounds: false, shutsProcess1: false },
    });
    expect(runtimeTraits(runtime).ownPids.always).toBeGreaterThan(0);
  },
);
