import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { findProgram } from "./find-program.ts";
import { canInstallPackages, installPackages } from "./install-packages.ts";

/** Sees to it that zip is installed: the benchmarks hold archives against it. */
export async function ensureZip(progress: Progress): Promise<Result<null, SetupFault>> {
  if ((await findProgram("zip")) !== null) return succeed(null);
  if (await canInstallPackages()) return installPackages(["zip"], progress);
  return fail({
    what: "zip is not installed, and the benchmarks hold archives against it.",
    advice: "Debian, Ubuntu: sudo apt-get install zip. macOS has it. Then run the command again.",
  });
}
