import { appendEvents } from "@longshore/shared/db/append-events";
import type { Database } from "@longshore/shared/db/connect-database";
import type { Fence } from "@longshore/shared/db/fence";
import { measurePlans, readPlans } from "@longshore/shared/db/read-plans";
import { localTenant } from "@longshore/shared/domain/access";

/** What is asked of the table of plans. */
export function planActs(fenceAt: (place: number) => Fence) {
  return {
    "a plan": {
      act: ({ sql }: Database) =>
        appendEvents(
          ...([sql, fenceAt(3), 2] as const),
          [{ type: "plan", body: { source: "model", turns: 1, steps: [] }, steps: [] }],
          {},
        ),
    },
    "GET /jobs/{id}/plans": {
      act: async ({ sql }: Database) => {
        const own = { jobId: fenceAt(0).jobId, tenant: localTenant };
        await measurePlans(sql, own, { after: 0, limit: 21 });
        await readPlans(sql, own, { after: 0, until: 100 });
      },
    },
  };
}
