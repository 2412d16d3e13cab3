import { describe, expect, it } from "vitest";
import { exampleSpec } from "./container-spec.fixture.ts";
import { ulimitsOf } from "./container-spec.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxBounds } from "./sandbox-bounds.ts";

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
      "/workspace": "rw,exec,nosuid,nodev,size=134217728,nr_inodes=65536,mode=0700,uid=20123,gid=20123",
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

describe("sandboxBounds", () => {
  const runc = runtimeTraits("runc");

  it("counts all of tmpfs and what the agent needs into the memory", () => {
    const bounds = sandboxBounds({ cpus: 1, memory_mb: 256, pids: 64, disk_mb: 128 }, 2, runc);
    expect(bounds.memoryBytes).toBe((256 + 128 + 64 + 64 + 64) * 1_048_576);
    expect(bounds.pids).toBe(80);
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
