import { useQuery } from "@tanstack/react-query";
import { useMay } from "../access/use-me.ts";
import { useClient } from "../service/use-client.ts";

/** What was asked of the job, as far as it is told to the reader: to a key that only reads, it is not. */
export function useAskedRequest(jobId: string) {
  const client = useClient();
  const mayAsk = useMay("jobs:write") === true;
  return useQuery({
    queryKey: ["request", jobId],
    enabled: mayAsk,
    queryFn: ({ signal }) => client.request(jobId, { signal }),
    // It never changes; where it is wiped when the job ends, what was shown once may stay.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
