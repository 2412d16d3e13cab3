import { useQuery } from "@tanstack/react-query";
import { useClient } from "../service/use-client.ts";

/** What was asked of the job, as far as it is told to anybody. */
export function useAskedRequest(jobId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ["request", jobId],
    queryFn: ({ signal }) => client.request(jobId, { signal }),
    // It never changes; where it is wiped when the job ends, what was shown once may stay.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
