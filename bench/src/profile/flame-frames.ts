import type { CpuProfile } from "./cpu-profile.ts";

/** A function on a way of calls, with the time that was spent in it and in what it called. */
export interface FlameFrame {
  readonly name: string;
  /** How many calls lie under it. */
  readonly depth: number;
  /** Ms of the busy time, from which the frame begins and to which it goes. */
  readonly from: number;
  readonly to: number;
}

type ProfileNode = CpuProfile["nodes"][number];

/** What V8 calls the time in which a process waits. */
const idle = "(idle)";

/**
 * The frames of a profile, ways of calls that are the same put together, the longest first; the time in which the process
 * waited is left out, and so is what took less than `leastShare` of the rest.
 */
export function flameFrames(profile: CpuProfile, leastShare: number): readonly FlameFrame[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const own = new Map<number, number>();
  for (const [index, id] of profile.samples.entries())
    own.set(id, (own.get(id) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0) / 1_000);
  const childrenOf = ({ children }: ProfileNode) =>
    children.flatMap((id) => byId.get(id) ?? []).filter(({ callFrame }) => callFrame.functionName !== idle);
  const spent = new Map<number, number>();
  const spend = (node: ProfileNode): number => {
    const all = childrenOf(node).reduce((sum, child) => sum + spend(child), own.get(node.id) ?? 0);
    spent.set(node.id, all);
    return all;
  };
  const [root] = profile.nodes;
  if (root === undefined) return [];
  const least = spend(root) * leastShare;
  const frames: FlameFrame[] = [];
  const lay = (node: ProfileNode, depth: number, from: number): void => {
    const to = from + (spent.get(node.id) ?? 0);
    frames.push({ name: nameOf(node), depth, from, to });
    let at = from;
    for (const child of childrenOf(node).toSorted((one, other) => spentOn(other) - spentOn(one))) {
      if (spentOn(child) < least) break;
      lay(child, depth + 1, at);
      at += spentOn(child);
    }
  };
  const spentOn = ({ id }: ProfileNode): number => spent.get(id) ?? 0;
  lay(root, 0, 0);
  return frames;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.split("/").slice(-2).join("/");
  return `${functionName || "(anonymous)"}${file === "" ? "" : ` ${file}:${String(lineNumber + 1)}`}`;
}
