import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { existsSync } from "node:fs";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { findProgram } from "./find-program.ts";
import { canInstallPackages, installPackages } from "./install-packages.ts";
import { runProgram } from "./run-program.ts";

const STOP_LIMIT_MS = 15_000;

/** Sees to it that redis-server is installed: the tests start their own instances of it, on ports of their own. */
export async function ensureRedis(progress: Progress): Promise<Result<null, SetupFault>> {
  if ((await findProgram("redis-server")) !== null) return succeed(null);
  if (!(await canInstallPackages())) return fail(missingRedis);
  const installed = await installPackages(["redis-server"], progress);
  if (!installed.ok) return installed;
  // Debian starts the service with the installation. Nobody asked for that one.
  const stop = existsSync("/run/systemd/system")
    ? ["systemctl", "stop", "redis-server"]
    : ["service", "redis-server", "stop"];
  const [program = "service", ...args] = stop;
  await runProgram(program, args, { limitMs: STOP_LIMIT_MS });
  return installed;
}

export const missingRedis: SetupFault = {
  what: "redis-server is not installed, and the tests start real ones.",
  advice:
    "Debian, Ubuntu: sudo apt-get install redis-server. macOS: brew install redis. Then run the command again.",
};
