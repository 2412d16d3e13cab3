import type { Client } from "@longshore/client";

/** How cancelling many went. */
export interface Cancels {
  readonly cancelled: number;
  /** Those that had ended by themselves. */
  readonly ended: number;
  readonly failed: number;
}

const atOnce = 4;

/** Cancels the jobs, a few at a time. One that cannot be cancelled keeps no other from it. */
export async function cancelAll(client: Pick<Client, "cancel">, ids: readonly string[]): Promise<Cancels> {
  const cancels = { cancelled: 0, ended: 0, failed: 0 };
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        cancels[(await client.cancel(id)).cancelled ? "cancelled" : "ended"] += 1;
      } catch {
        // It is counted; the list shows that the job goes on.
        cancels.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return cancels;
}

/** That in words. */
export function describeCancels({ cancelled, ended, failed }: Cancels): string {
  const parts = [
    `${String(cancelled)} cancelled`,
    ...(ended === 0 ? [] : [`${String(ended)} had ended before`]),
    ...(failed === 0 ? [] : [`${String(failed)} could not be cancelled`]),
  ];
  return parts.join(", ");
}
