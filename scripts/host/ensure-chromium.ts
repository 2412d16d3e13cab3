import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { access } from "node:fs/promises";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { findProgram } from "./find-program.ts";
import { canInstallPackages, installPackages } from "./install-packages.ts";

/** As Debian, Ubuntu and its makers call it; the last is where it lies on a Mac. */
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const onMac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Where a Chromium is, or null. */
export async function findChromium(): Promise<string | null> {
  for (const name of names) {
    const found = await findProgram(name);
    if (found !== null) return found;
  }
  return access(onMac).then(
    () => onMac,
    () => null,
  );
}

/** Sees to it that there is a Chromium: the tests open the dashboard in a real one. */
export async function ensureChromium(progress: Progress): Promise<Result<null, SetupFault>> {
  if ((await findChromium()) !== null) return succeed(null);
  if (await canInstallPackages()) return installPackages(["chromium"], progress);
  return fail({
    what: "There is no Chromium, and the tests open the dashboard in a real one.",
    advice:
      "Debian: sudo apt-get install chromium. Elsewhere install Chrome or Chromium. Then run the command again.",
  });
}
