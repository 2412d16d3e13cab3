import { succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { findProgram } from "./find-program.ts";
import { findPythonWith } from "./find-python.ts";
import { canInstallPackages, installPackages } from "./install-packages.ts";

/**
 * Sees to it that what the recipes of docs/clients.md need is there, where it can be installed without asking anybody; else
 * their tests are skipped.
 */
export async function ensureRecipeTools(progress: Progress): Promise<Result<null, SetupFault>> {
  const missing: string[] = [];
  for (const name of ["curl", "jq"]) if ((await findProgram(name)) === null) missing.push(name);
  if ((await findPythonWith("requests")) === null) missing.push("python3-requests");
  if (missing.length === 0 || !(await canInstallPackages())) return succeed(null);
  return installPackages(missing, progress);
}
