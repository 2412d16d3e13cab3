import { repeatCall } from "./engine-call.ts";
import { removeContainer } from "./end-container.ts";
import type { Engine } from "./engine.ts";
import { latestName } from "./list-sandboxes.ts";
import { startFilter } from "./sandbox-labels.ts";

/**
 * Kills and removes what one try to start has made, warm or not: in one call, as nothing of a Job runs in it that could
 * die slowly. By its label, as a create that was never answered may have made a container all the same; and then by its
 * present name, so that one that a later owner has adopted meanwhile, its starter having been frozen, is left alone.
 * "adopted" where there is such a one. The look is repeated for `lookForMs` where it fails; what was found then takes as
 * long as its end does.
 */
export async function removeStart(
  engine: Engine,
  startId: string,
  { lookForMs }: { readonly lookForMs: number },
): Promise<"removed" | "adopted"> {
  const found = await repeatCall(lookForMs, () => engine.list(startFilter(startId)));
  const left = found.map(({ Names }) => latestName(Names));
  for (const { name, owner } of left) if ((owner?.epoch ?? 0) === 0) await removeContainer(engine, name);
  return left.some(({ owner }) => (owner?.epoch ?? 0) > 0) ? "adopted" : "removed";
}
