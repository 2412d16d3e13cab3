import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { fitSegment, splitAtSlashes, splitEntryPath } from "./entry-name.ts";

const workspace = ["", "workspace"];

/**
 * The target of a symlink in the form in which the Archive keeps it: relative, with every `..` at its front,
 * and its names as they are in the Archive. Without a `..` behind a name it cannot leave through another link,
 * so that resolving it by its letters and by following it agree. `segments` are those of the link's own path.
 * The failure is the sentence that says why it is not kept.
 */
export function resolveLinkTarget(segments: readonly Buffer[], target: Buffer): Result<string, string> {
  if (target.length === 0) return fail("it is a link to nothing");
  if (target.includes(0)) return fail("it is a link whose target has a NUL");
  const folder = segments.slice(0, -1);
  const steps = splitAtSlashes(target);
  const absolute = target[0] === 0x2f;
  if (absolute && !workspace.every((name, at) => steps[at]?.toString("latin1") === name))
    return fail("it is a link that leads out of /workspace");
  const reached = absolute ? [] : [...folder];
  for (const step of absolute ? steps.slice(workspace.length) : steps) {
    const name = step.toString("latin1");
    if (name === "" || name === ".") continue;
    if (name !== "..") reached.push(step);
    else if (reached.pop() === undefined) return fail("it is a link that leads out of /workspace");
  }
  if (sameBytes(reached, segments)) return fail("it is a link to itself");
  const checked = reached.length === 0 ? succeed([]) : splitEntryPath(Buffer.from(joined(reached)));
  if (!checked.ok) return fail("it is a link whose target cannot be a path in the archive");
  return succeed(relativePath(folder, reached));
}

/** From a folder to a path, both as segments of raw bytes, with names as they are in the Archive. */
function relativePath(from: readonly Buffer[], to: readonly Buffer[]): string {
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared]?.equals(to[shared] ?? Buffer.alloc(0)))
    shared += 1;
  const up = from.slice(shared).map(() => "..");
  const down = to.slice(shared).map((segment) => fitSegment(segment));
  return up.length + down.length === 0 ? "." : [...up, ...down].join("/");
}

function sameBytes(left: readonly Buffer[], right: readonly Buffer[]): boolean {
  return (
    left.length === right.length && left.every((segment, at) => segment.equals(right[at] ?? Buffer.alloc(0)))
  );
}

function joined(segments: readonly Buffer[]): Buffer {
  return Buffer.concat(
    segments.flatMap((segment, at) => (at === 0 ? [segment] : [Buffer.from("/"), segment])),
  );
}
