import type { MeasuredPlans, PlanRecord } from "@longshore/shared/db/read-plans";
import type { OwnJob } from "@longshore/shared/domain/access";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { BodyRoom, NoBodyRoom } from "../middleware/body-room.ts";

/** Which plans are asked for: those after the Event `after`, at most `limit`. */
interface PlansPage {
  readonly after: number;
  readonly limit: number;
}

export interface ShowPlansDeps {
  /** Null where there is no such Job. */
  readonly measurePlans: (own: OwnJob, page: PlansPage) => Promise<MeasuredPlans | null>;
  readonly readPlans: (
    own: OwnJob,
    between: { readonly after: number; readonly until: number },
  ) => Promise<readonly PlanRecord[]>;
  /** That of the bodies of requests, which plans can be as large as. */
  readonly bodyRoom: BodyRoom;
}

export interface ShownPlans {
  readonly plans: readonly PlanRecord[];
  /** True where there are more behind them. */
  readonly hasMore: boolean;
}

export type PlansNotShown = "job_not_found" | "expired" | NoBodyRoom;

/** A page ends behind so many bytes of steps, and holds one plan at least. */
const pageBytes = 4_194_304;

/** Gives the plans of a Job, also those that another has replaced, for as long as `use` takes. */
export function createShowPlans({ measurePlans, readPlans, bodyRoom }: ShowPlansDeps) {
  return async <Used>(
    own: OwnJob,
    { after, limit }: PlansPage,
    use: (shown: ShownPlans) => Used,
  ): Promise<Result<Used, PlansNotShown>> => {
    // One more tells whether there are more.
    const measured = await measurePlans(own, { after, limit: limit + 1 });
    if (measured === null) return fail("job_not_found");
    if (measured.expired) return fail("expired");
    const { until, bytes, hasMore } = cutPage(measured.plans, limit);
    if (until === null) return succeed(use({ plans: [], hasMore: false }));
    const held = bodyRoom.hold(own.tenant);
    try {
      const room = held.add(bytes);
      if (!room.ok) return room;
      return succeed(use({ plans: await readPlans(own, { after, until }), hasMore }));
    } finally {
      held.release();
    }
  };
}

function cutPage(plans: MeasuredPlans["plans"], limit: number) {
  let [bytes, count] = [0, 0];
  for (const plan of plans.slice(0, limit)) {
    if (count > 0 && bytes + plan.bytes > pageBytes) break;
    bytes += plan.bytes;
    count += 1;
  }
  return { bytes, until: plans[count - 1]?.seq ?? null, hasMore: count < plans.length };
}
