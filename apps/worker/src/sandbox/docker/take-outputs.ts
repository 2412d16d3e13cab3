import type { TakeOutputsOptions } from "../sandbox-provider.ts";
import type { AgentConnection } from "./agent-connection.ts";
import { execOutput, type ExecOutputDeps } from "./exec-output.ts";
import { allListed, createListingReader, mostListedBytes } from "./output-listing.ts";

/**
 * One record for each name, NUL at its end: readable or not, kind, bytes, path. The path is last, as it may hold
 * anything but NUL. A folder that can be read and not entered gives names and nothing else, so that it counts as
 * unreadable. Each record is printed at once: of what cannot be looked at nothing is, and half of one would be the next
 * one's beginning. Behind them comes a record that says that they were all, unless the program was killed or was cut off.
 */
const names = [
  "/usr/bin/find . -mindepth 1 -xdev",
  "\\( -readable \\( ! -type d -o -executable \\) -printf 'r %y %s %P\\0' -o -printf '- %y %s %P\\0' \\);",
  `[ $? -lt 128 ] && printf '${allListed}\\0'`,
].join(" ");

/** Behind the records comes one that is none, as it may end half of one, and an empty one at the end. */
const listingEnd = "printf '!\\0\\0'";

/** An agent has a bound for all that it takes; an exec has none, and each program costs a small Job some milliseconds. */
const listings = {
  agent: `${names}; ${listingEnd}`,
  exec: `{ ${names}; } | /usr/bin/head -c ${String(mostListedBytes)}; ${listingEnd}`,
};

/**
 * The kinds that go into the tar. Sockets cannot be in one; devices and FIFOs have no bytes to take; a file
 * over the bound would be read in vain, and so would what lies too deep, of which each level tells its whole path. The
 * listing shows all of them. Each name of a file has its bytes, as a second name that only points to the first is lost
 * where the first is not kept.
 */
function tar({ maxFileBytes, maxDepth }: Pick<TakeOutputsOptions, "maxFileBytes" | "maxDepth">): string {
  const [bytes, depth] = [maxFileBytes, maxDepth].map((bound) => String(Math.max(0, Math.floor(bound))));
  return [
    `/usr/bin/find . -mindepth 1 -maxdepth ${String(depth)} -xdev`,
    `\\( -type d -o -type l -o -type f ! -size +${String(bytes)}c \\) -print0 |`,
    "/usr/bin/tar --format=pax --pax-option=delete=atime,delete=ctime --hard-dereference",
    "--numeric-owner --no-recursion --null -T - -cf -",
  ].join(" ");
}

export interface TakeOutputsDeps extends ExecOutputDeps {
  readonly connection: Pick<AgentConnection, "output">;
}

/**
 * /workspace as a pax tar stream, made by the Job's own user; names begin with "./". The listing comes before it from the
 * same program: an engine begins one exec of a container after the other, and a busy one takes half a second for each.
 * So small ones come by the agent, which starts that program as it starts a Step, and no exec is needed; where it does not
 * give them, whatever the reason, an exec does.
 */
export async function* takeOutputs(
  deps: TakeOutputsDeps,
  { onListed, hurry, ...bounds }: TakeOutputsOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  // Complaints go nowhere: there can be one for each name, with its whole path.
  const argv = (way: keyof typeof listings): string[] => {
    const script = `exec 2>/dev/null; cd /workspace && { ${listings[way]}; ${tar(bounds)}; }`;
    return ["/bin/sh", "-c", script];
  };
  const small = hurry?.aborted === true ? null : await deps.connection.output(argv("agent"), signal, hurry);
  const reader = createListingReader(onListed);
  for await (const piece of small === null ? execOutput(deps, argv("exec"), signal) : [small]) {
    const bytes = reader.push(piece);
    if (bytes !== null && bytes.length > 0) yield bytes;
  }
}
