import type { CancelAnswer } from "@longshore/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useClient } from "../../service/use-client.ts";
import { useOnce } from "../../service/use-once.ts";

export interface Receipt extends CancelAnswer {
  /** When the service answered, in ms since 1970. */
  readonly at: number;
}

/** Cancels a job, and keeps what the service answered. */
export function useCancel(jobId: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (): Promise<Receipt> => ({ ...(await client.cancel(jobId)), at: Date.now() }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["job", jobId] }),
  });
}

/** Schedules the same job anew, and goes to it. */
export function useRunAgain(jobId: string) {
  const client = useClient();
  const [, go] = useLocation();
  return useOnce({
    mutationFn: async () => {
      const { request } = await client.request(jobId);
      return client.schedule(request);
    },
    onSuccess: ({ job_id }) => go(`/jobs/${job_id}`),
  });
}
