import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { findProgram } from "../host/find-program.ts";
import { canInstallPackages, installPackages } from "../host/install-packages.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import type { Engine, EngineSearch } from "./find-engine.ts";
import { findEngine } from "./find-engine.ts";
import { startDockerd } from "./start-dockerd.ts";

/** A container engine that answers: the running one, else, as root on Debian or Ubuntu, one installed and started. */
export async function ensureEngine(
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<Result<Engine, SetupFault>> {
  const search = await findEngine(env);
  if (search.engine !== null) return succeed(search.engine);
  if (env["DOCKER_HOST"]) return fail(unreachableHost(env["DOCKER_HOST"], search));
  if (process.platform !== "linux" || process.getuid?.() !== 0) return fail(missingEngine(search));

  if ((await findProgram("dockerd")) === null) {
    if (!(await canInstallPackages())) return fail(missingEngine(search));
    // iptables and the cgroup mounts are only recommended by some releases, and dockerd needs both.
    const installed = await installPackages(["docker.io", "iptables", "cgroupfs-mount"], progress);
    if (!installed.ok) return installed;
  }
  return startDockerd(env, progress);
}

function unreachableHost(host: string, { tried }: EngineSearch): SetupFault {
  return {
    what: `The container engine at DOCKER_HOST=${host} does not answer: ${tried[0]?.reason ?? "unknown"}.`,
    advice:
      "Start that engine, or unset DOCKER_HOST to use the one of this machine, then run the command again.",
  };
}

function missingEngine({ tried }: EngineSearch): SetupFault {
  const attempts = tried.map(({ host, reason }) => `\n  ${host}: ${reason}`).join("");
  const denied = tried.find(({ reason }) => reason.includes("EACCES"));
  const advice =
    denied === undefined
      ? installAdvice()
      : `An engine is there, but you may not use it. Add yourself to its group: sudo usermod -aG docker "$USER", ` +
        "log in again, then run the command again.";
  return {
    what: `No container engine answers, and Longshore runs every job in a container.${attempts}`,
    advice,
  };
}

function installAdvice(): string {
  if (process.platform === "darwin")
    return "Install and start Docker Desktop (https://docs.docker.com/desktop) or Podman (brew install podman; podman machine init; podman machine start), then run the command again.";
  return (
    'Debian, Ubuntu: sudo apt-get install docker.io && sudo usermod -aG docker "$USER", then log in again.\n' +
    "Fedora: sudo dnf install moby-engine && sudo systemctl enable --now docker. Others: https://docs.docker.com/engine/install\n" +
    "If it is installed: sudo systemctl start docker. As root on Debian or Ubuntu this command does all that itself."
  );
}
