import type { SandboxFacts } from "@longshore/shared/contracts/agent-wire";
import { describe, expect, it } from "vitest";
import { exampleFacts, exampleSpec } from "./container-spec.fixture.ts";
import { differencesInFacts } from "./facts-check.ts";
import { runtimeTraits } from "./runtime-traits.ts";

const spec = exampleSpec();
const hostKernel = runtimeTraits("runc");
const gvisor = runtimeTraits("runsc");
const kata = runtimeTraits("kata");
const right = exampleFacts(spec);

const wrong: readonly [string, Partial<SandboxFacts>][] = [
  ["another user", { uid: 0 }],
  ["another group", { gid: 0 }],
  ["a further group", { groups: [20_123, 998] }],
  ["a capability", { capabilities: ["0", "0", "0000000000000001", "0", "0"] }],
  ["a missing capability set", { capabilities: ["0"] }],
  ["privileges to gain", { no_new_privs: 0 }],
  ["no seccomp filter", { seccomp: 0 }],
  ["a network interface", { interfaces: ["lo", "eth0"] }],
  ["a root that can be written", { root_read_only: false }],
  ["a workspace on disk", { workspace: { ...right.workspace, type: "overlay" } }],
  ["a larger workspace", { workspace: { ...right.workspace, bytes: right.workspace.bytes + 4_096 } }],
  ["a workspace without bound of inodes", { workspace: { ...right.workspace, inodes: 0 } }],
  ["a larger /tmp", { tmp: { ...right.tmp, bytes: 0 } }],
  ["unlimited core files", { rlimits: { ...right.rlimits, "Max core file size": [0, null] } }],
  ["more open files", { rlimits: { ...right.rlimits, "Max open files": [1_024, 1_048_576] } }],
  ["an RLIMIT that is not said", { rlimits: { ...right.rlimits, "Max realtime priority": [null, null] } }],
  ["no memory bound", { cgroup: { ...right.cgroup, memory_bytes: null } }],
  ["more memory", { cgroup: { ...right.cgroup, memory_bytes: 2 ** 40 } }],
  ["no bound of processes", { cgroup: { ...right.cgroup, pids: null } }],
  ["no bound of processors", { cgroup: { ...right.cgroup, cpus: null } }],
];

describe("differencesInFacts", () => {
  it("finds none in a cage that is as it was asked for", () => {
    expect(differencesInFacts(spec, right, hostKernel)).toEqual([]);
  });

  it.each(wrong)("finds %s", (_, facts) => {
    expect(differencesInFacts(spec, { ...right, ...facts }, hostKernel)).toHaveLength(1);
  });

  const nothing = { memory_bytes: null, pids: null, cpus: null };
  const inside = { ...right, seccomp: 0, cgroup: nothing };

  it.each([
    ["gVisor", gvisor],
    ["Kata", kata],
  ])("misses no cgroup file and no filter inside the kernel of %s, but finds a wrong bound", (_, traits) => {
    expect(differencesInFacts(spec, inside, traits)).toEqual([]);
    const more = { ...inside, cgroup: { ...nothing, pids: 1_000_000 } };
    expect(differencesInFacts(spec, more, traits)).toHaveLength(1);
  });

  const zeros = "0000000000000000";
  const workspace = { ...right.workspace, inodes: 0 };
  const inGvisor = {
    ...inside,
    capabilities: [zeros, zeros, zeros, zeros, ""],
    no_new_privs: 0,
    workspace,
    tmp: { ...right.tmp, inodes: 0 },
    rlimits: {},
  };

  it("misses what gVisor's kernel does not show, which others have to", () => {
    expect(differencesInFacts(spec, inGvisor, gvisor)).toEqual([]);
    // CapAmb, NoNewPrivs, the inodes of two tmpfs, and each RLIMIT.
    const missing = 1 + 1 + 2 + Object.keys(right.rlimits).length;
    expect(differencesInFacts(spec, inGvisor, kata)).toHaveLength(missing);
  });

  const wrongInGvisor: readonly [string, Partial<SandboxFacts>][] = [
    ["another user", { uid: 0 }],
    ["a capability", { capabilities: [zeros, zeros, "0000000000000001", zeros, ""] }],
    ["a missing capability set", { capabilities: [zeros] }],
    ["a network interface", { interfaces: ["lo", "eth0"] }],
    ["a root that can be written", { root_read_only: false }],
    ["a workspace on disk", { workspace: { ...workspace, type: "9p" } }],
    ["a workspace without bound of bytes", { workspace: { ...workspace, bytes: 0 } }],
    ["another bound of inodes than was asked for", { tmp: { ...right.tmp, inodes: 7 } }],
    ["a wrong RLIMIT", { rlimits: { "Max open files": [1_024, 1_048_576] } }],
  ];

  it.each(wrongInGvisor)("finds %s in gVisor", (_, facts) => {
    expect(differencesInFacts(spec, { ...inGvisor, ...facts }, gvisor)).toHaveLength(1);
  });
});
