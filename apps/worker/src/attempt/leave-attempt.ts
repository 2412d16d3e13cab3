import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import type { CarryOutDeps } from "./carry-out-deps.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { whileDatabaseAway } from "./while-database-away.ts";

/** Leaves an Attempt to another worker, with its Sandbox. Rejects where the Lease is lost. */
export async function leaveAttempt(
  { store }: Pick<CarryOutDeps, "store">,
  { writer, fence, fenced, logger, stop }: OpenAttempt,
  sandbox: Sandbox | null,
): Promise<void> {
  await writer.flush();
  // Said before the Lease goes: afterwards the Sandbox is another's.
  sandbox?.detach();
  await whileDatabaseAway(() => store.releaseLease(fence), fenced, logger);
  logger.info("left to another worker, with its sandbox");
  stop("lease_lost");
}
