import { describe, expect, it } from "vitest";
import { EngineAway } from "./engine-call.ts";
import { startFailure } from "./start-failure.ts";

const message = (error: unknown, stderr = ""): string => startFailure(error, { stderr }).message;
const systemError = (text: string, code: string): Error => Object.assign(new Error(text), { code });
const engineError = (text: string): Error =>
  Object.assign(new Error(`(HTTP code 500) server error - ${text} `), { statusCode: 500 });

describe("the message of a start that failed", () => {
  it.each([
    systemError("connect ENOENT /srv/run/docker.sock", "ENOENT"),
    systemError("connect EACCES /srv/run/docker.sock", "EACCES"),
    systemError("connect ECONNREFUSED 10.1.2.3:2375", "ECONNREFUSED"),
    systemError("getaddrinfo ENOTFOUND engine.internal", "ENOTFOUND"),
    new EngineAway("socket hang up"),
  ])("says of a broken connection only that the engine cannot be reached: %s", (error) => {
    expect(message(error)).toBe("A Sandbox could not be started. The container engine cannot be reached.");
  });

  it.each([
    ["mkdir /var/lib/docker/overlay2/1f: no space left on device", "mkdir [path]: no space left on device"],
    ["dial unix:///run/containerd/containerd.sock: timeout", "dial unix:[path]: timeout"],
    ["dial tcp 10.1.2.3:2375: refused, [fe80::1]:80 too", "dial tcp [address]: refused, [address] too"],
    ['open "/etc/docker/key.json" (/root/x)', 'open "[path]" ([path])'],
  ])("leaves out the server's paths and addresses from the engine's words: %s", (said, shown) => {
    expect(message(engineError(said))).toBe(`A Sandbox could not be started. ${shown}`);
  });

  it.each([
    "The engine has no image registry.example:5000/team/agent:1.",
    "/workspace is a ext4, not a tmpfs. /tmp has 1 inodes, not 2.",
    'Name is "/longshore-x-a2", not "/longshore-x-a1".',
    'exec: "/opt/longshore/init": no such file or directory',
  ])("keeps what is the same in every Sandbox: %s", (said) => {
    expect(message(said)).toBe(`A Sandbox could not be started. ${said}`);
  });

  it("has the end of what the agent wrote", () => {
    expect(message("It ended.", "no /home/ci/x")).toBe(
      "A Sandbox could not be started. It ended. Its agent wrote: no [path]",
    );
  });
});
