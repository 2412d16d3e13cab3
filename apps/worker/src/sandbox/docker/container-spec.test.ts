import { describe, expect, it } from "vitest";
import { exampleSpec } from "./container-spec.fixture.ts";
import { ulimitsOf } from "./container-spec.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxBounds, sandboxShape } from "./sandbox-bounds.ts";

describe("containerSpec", () => {
  const { body } = exampleSpec();

  it("has no network, no capability, no mount and no port", () => {
    expect(body.HostConfig).toMatchObject({
      NetworkMode: "none",
      CapDrop: ["ALL"],
      CapAdd: [],
      Binds: [],
      Mounts: [],
      Devices: [],
      PortBindings: {},
      Privileged: false,
      ReadonlyRootfs: true,
    });
  });

  it("starts our own init, and the agent, by the image's id", () => {
    expect(body.Entrypoint).toEqual(["/opt/longshore/init", "--"]);
    expect(body.Cmd).toEqual(["/opt/longshore/agentd", "/opt/longshore/agent.cjs"]);
    expect(body.HostConfig.Init).toBe(false);
    expect(body.Image).toBe("sha256:1111");
  });

  it("gives the tmpfs of the Job to its user alone", () => {
    expect(body.HostConfig.Tmpfs).toEqual({
      "/workspace": "rw,exec,nosuid,nodev,size=134217728,nr_inodes=32768,mode=0700,uid=20123,gid=20123",
      "/tmp": "rw,exec,nosuid,nodev,size=67108864,nr_inodes=8192,mode=0700,uid=20123,gid=20123",
    });
  });

  it("takes no variable of a Job into the container's own environment", () => {
    expect(body.Env.map((pair) => pair.split("=")[0])).toEqual(["PATH", "HOME", "LANG"]);
  });

  it("tells the agent where it is to start Steps by itself, and what is to be loaded for them", () => {
    expect(exampleSpec({ stepRunner: "off" }).body.Env).toContain("LONGSHORE_STEP_RUNNER=off");
    expect(exampleSpec({ runtime: "runsc" }).body.Env).toContain("LONGSHORE_STEP_RUNNER=off");
    const { Env } = exampleSpec({ stepPreload: "numpy,pandas" }).body;
    expect(Env).toContain("LONGSHORE_STEP_PRELOAD=numpy,pandas");
  });
});

describe("sandboxShape", () => {
  const usual = { cpus: 1, memory_mb: 1_024, pids: 256, disk_mb: 1_024 };
  const isSame = (changes: Partial<typeof usual>, runtime = "runc") =>
    sandboxShape({ ...usual, ...changes }, runtimeTraits(runtime)) ===
    sandboxShape(usual, runtimeTraits(runtime));

  it("is the same where a started Sandbox can be given the other's bounds", () => {
    expect(isSame({ cpus: 0.1, memory_mb: 8_192, pids: 4_096 })).toBe(true);
    expect(isSame({ disk_mb: 1_025 })).toBe(false);
    expect(isSame({ memory_mb: 1_023 })).toBe(false);
  });

  it("is another for each bound under a runtime that takes none while it runs", () => {
    expect(isSame({}, "runsc")).toBe(true);
    for (const changes of [{ cpus: 0.5 }, { pids: 255 }, { memory_mb: 2_048 }])
      expect(isSame(changes, "runsc")).toBe(false);
  });
});

describe("sandboxBounds", () => {
  const runc = runtimeTraits("runc");

  it("counts all of tmpfs and what the agent needs into the memory", () => {
    const bounds = sandboxBounds({ cpus: 1, memory_mb: 256, pids: 64, disk_mb: 128 }, 2, runc);
    expect(bounds.memoryBytes).toBe((256 + 128 + 64 + 64 + 64) * 1_048_576);
    expect(bounds.pids).toBe(80);
  });

  it("bounds inodes by what memory pays for, and by the disk of which each file takes 4 KiB", () => {
    const inodes = (memory_mb: number, disk_mb: number) =>
      sandboxBounds({ cpus: 1, memory_mb, pids: 16, disk_mb }, 2, runc).workspaceInodes;
    expect([inodes(64, 1_024), inodes(64, 1)]).toEqual([16_384, 16_384]);
    expect([inodes(1_024, 1_024), inodes(4_096, 1_024)]).toEqual([262_144, 262_144]);
    expect(inodes(4_096, 1)).toBe(16_384);
  });

  it("cuts processors to what the engine has, which it would refuse otherwise", () => {
    expect(sandboxBounds({ cpus: 8, memory_mb: 64, pids: 16, disk_mb: 1 }, 2, runc).cpus).toBe(2);
  });

  it("gives a runtime the processes that it needs itself beside the Job's", () => {
    const ownPids = { always: 1_000, each: 2 };
    const limits = { cpus: 1, memory_mb: 64, pids: 16, disk_mb: 1 };
    const { pids } = sandboxBounds(limits, 2, { ownPids, ownNproc: false });
    expect(pids).toBe(1_000 + 3 * (16 + 16));
  });

  it("bounds the Job's processes by an RLIMIT where that counts no other Sandbox's", () => {
    const limits = { cpus: 1, memory_mb: 64, pids: 16, disk_mb: 1 };
    expect(ulimitsOf(sandboxBounds(limits, 2, runtimeTraits("runsc")))).toContainEqual({
      Name: "nproc",
      Soft: 32,
      Hard: 32,
    });
    expect(ulimitsOf(sandboxBounds(limits, 2, runc)).map(({ Name }) => Name)).not.toContain("nproc");
  });
});
