import type { Client as Api } from "openapi-fetch";
import type { CallOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import type { JobPlan } from "./wire.ts";

export interface PlanOptions extends CallOptions {
  /** Begins after the plan of this `seq`. */
  readonly after?: number;
}

/** The plans that the job has and had by now, page by page. */
export async function* readPlans(
  api: Api<paths>,
  id: string,
  { after = 0, signal }: PlanOptions,
): AsyncGenerator<JobPlan, void, undefined> {
  for (let next: number | null = after; next !== null;) {
    const params: { path: { id: string }; query: { after: number } } = {
      path: { id },
      query: { after: next },
    };
    const page = dataOf(await api.GET("/jobs/{id}/plans", { params, ...givenSignal(signal) }));
    yield* page.plans;
    next = page.next_after;
  }
}
