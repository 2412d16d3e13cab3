import type { Client as Api } from "openapi-fetch";
import type { CallOptions } from "./call-options.ts";
import { dataOf } from "./data-of.ts";
import type { paths } from "./generated/openapi.ts";
import { givenSignal } from "./given-signal.ts";
import { type PlanOptions, readPlans } from "./read-plans.ts";
import type { AskedRequest, JobPlan, JobUsage } from "./wire.ts";

/** What there is to know of a job beside where it stands. */
export interface JobFacts {
  /**
   * What was asked of a job, as `schedule` takes it again. Of a job with secrets it is told to nobody,
   * of others to keys that may read and write, until the retention of the job is over.
   */
  request(id: string, options?: CallOptions): Promise<AskedRequest>;
  /** What its steps run, plan by plan: of every plan that the job has or had by now, in their order. */
  plans(id: string, options?: PlanOptions): AsyncGenerator<JobPlan, void, undefined>;
  /** What a job uses of its memory and its processors, looked at every two seconds while it runs. */
  usage(id: string, options?: CallOptions): Promise<JobUsage>;
}

export function createJobFacts(api: Api<paths>): JobFacts {
  const of = (id: string, { signal }: CallOptions) => ({ params: { path: { id } }, ...givenSignal(signal) });
  return {
    request: async (id, how = {}) => dataOf(await api.GET("/jobs/{id}/request", of(id, how))),
    plans: (id, how = {}) => readPlans(api, id, how),
    usage: async (id, how = {}) => dataOf(await api.GET("/jobs/{id}/usage", of(id, how))),
  };
}
