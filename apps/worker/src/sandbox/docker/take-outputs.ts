import type { TakeOutputsOptions } from "../sandbox-provider.ts";
import { execOutput, type ExecOutputDeps } from "./exec-output.ts";
import { createListingReader } from "./output-listing.ts";

/**
 * One record for each name, NUL at its end: readable or not, kind, bytes, path. The path is last, as it may hold
 * anything but NUL. An empty one says that this was all; before it, where the program was killed, come two that end
 * what it had begun and are no records.
 */
const listing = [
  "/usr/bin/find . -mindepth 1 -xdev \\( -readable -printf 'r ' -o -printf '- ' \\) -printf '%y %s %P\\0'",
  "[ $? -lt 128 ] || printf '!\\0!\\0'",
  "printf '\\0'",
].join("; ");

/**
 * The kinds that go into the tar. Sockets cannot be in one; devices and FIFOs have no bytes to take; a file
 * over the bound would be read in vain. The listing shows all of them. Each name of a file has its bytes, as
 * a second name that only points to the first is lost where the first is not kept.
 */
function tar(maxFileBytes: number): string {
  const bound = String(Math.max(0, Math.floor(maxFileBytes)));
  return [
    `/usr/bin/find . -mindepth 1 -xdev \\( -type d -o -type l -o -type f ! -size +${bound}c \\) -print0 |`,
    "/usr/bin/tar --format=pax --pax-option=delete=atime,delete=ctime --hard-dereference",
    "--numeric-owner --no-recursion --null -T - -cf -",
  ].join(" ");
}

/**
 * /workspace as a pax tar stream, made by the Job's own user; names begin with "./". The listing comes before it in the
 * same exec: an engine begins one exec of a container after the other, and a busy one takes half a second for each.
 */
export async function* takeOutputs(
  deps: ExecOutputDeps,
  { maxFileBytes, onListed }: TakeOutputsOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const script = `cd /workspace && { ${listing}; ${tar(maxFileBytes)}; }`;
  const reader = createListingReader(onListed);
  for await (const piece of execOutput(deps, ["/bin/sh", "-c", script], signal)) {
    const bytes = reader.push(piece);
    if (bytes !== null && bytes.length > 0) yield bytes;
  }
}
