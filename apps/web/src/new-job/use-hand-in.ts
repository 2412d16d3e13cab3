import { useLocation } from "wouter";
import { useClient } from "../service/use-client.ts";
import { useOnce } from "../service/use-once.ts";
import { type Draft, toRequest } from "./draft.ts";

/** Hands the draft in, and goes to its job. */
export function useHandIn(draft: Draft) {
  const client = useClient();
  const [, navigate] = useLocation();
  return useOnce({
    mutationFn: () => client.schedule(toRequest(draft)),
    onSuccess: ({ job_id }) => navigate(`/jobs/${job_id}`),
  });
}
