import type { ListedOutput } from "../sandbox-provider.ts";
import { execOutput, type ExecOutputDeps } from "./exec-output.ts";
import { readListing } from "./output-listing.ts";

/**
 * The kinds that go into the tar. Sockets cannot be in one; devices and FIFOs have no bytes to take; a file
 * over the bound would be read in vain. `listOutputs` shows all of them. Each name of a file has its bytes, as
 * a second name that only points to the first is lost where the first is not kept.
 */
function tarScript(maxFileBytes: number): string {
  const bound = String(Math.max(0, Math.floor(maxFileBytes)));
  return [
    "cd /workspace &&",
    `/usr/bin/find . -mindepth 1 -xdev \\( -type d -o -type l -o -type f ! -size +${bound}c \\) -print0 |`,
    "/usr/bin/tar --format=pax --pax-option=delete=atime,delete=ctime --hard-dereference",
    "--numeric-owner --no-recursion --null -T - -cf -",
  ].join(" ");
}

/** One record for each name, NUL at its end: readable or not, kind, bytes, path. The path is last, as it may hold anything but NUL. */
const listScript =
  "cd /workspace && /usr/bin/find . -mindepth 1 -xdev " +
  "\\( -readable -printf 'r ' -o -printf '- ' \\) -printf '%y %s %P\\0'";

/** /workspace as a pax tar stream, made by the Job's own user; names begin with "./". */
export function takeOutputs(
  deps: ExecOutputDeps,
  maxFileBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  return execOutput(deps, ["/bin/sh", "-c", tarScript(maxFileBytes)], signal);
}

/** Everything below /workspace, taken or not, as the Job's own user sees it. */
export function listOutputs(deps: ExecOutputDeps, signal: AbortSignal): AsyncGenerator<ListedOutput> {
  return readListing(execOutput(deps, ["/bin/sh", "-c", listScript], signal));
}
