import type { JobPlan } from "@longshore/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../service/use-client.ts";

/** By the number of their event. */
type Plans = ReadonlyMap<number, JobPlan>;

/**
 * The plans of a job up to the event `last`, by the number of their event; 0 asks for none. A plan never changes: with each
 * new one, those behind what is known are asked for.
 */
export function usePlans(jobId: string, last: number) {
  const client = useClient();
  const queries = useQueryClient();
  return useQuery<Plans>({
    queryKey: ["plans", jobId, last],
    enabled: last > 0,
    staleTime: Number.POSITIVE_INFINITY,
    // Of the same job: numbers of events are each job's own.
    placeholderData: (before, of) => (of?.queryKey[1] === jobId ? before : undefined),
    queryFn: async ({ signal }) => {
      const known = queries
        .getQueriesData<Plans>({ queryKey: ["plans", jobId] })
        .reduce<Plans>(
          (most, [, each]) => (each !== undefined && each.size > most.size ? each : most),
          new Map(),
        );
      const plans = new Map(known);
      const after = Math.max(0, ...plans.keys());
      for await (const plan of client.plans(jobId, { after, signal })) plans.set(plan.seq, plan);
      return plans;
    },
  });
}
