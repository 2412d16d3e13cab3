import type { Job, ScheduleRequest } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../../service/use-client.ts";
import { readUpTo } from "../../outputs/read-up-to.ts";
import type { Turn } from "../history/job-history.ts";
import { readPlanFile, type StepCode, toStepCode } from "./step-code.ts";

/** The code of a turn's steps, or why it cannot be shown. */
export type TurnCode =
  | { readonly state: "known"; readonly steps: readonly StepCode[] }
  | { readonly state: "unknown"; readonly why: string };

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

const mostPlanBytes = 4_000_000;

function usePlanFile(job: Job) {
  const client = useClient();
  const isThere = job.output !== null;
  return useQuery({
    queryKey: ["plan-file", job.job_id],
    enabled: isThere,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { bytes, isWhole } = await readUpTo(
        await client.file(job.job_id, "plan.json", { signal }),
        mostPlanBytes,
      );
      return isWhole ? readPlanFile(new TextDecoder().decode(bytes)) : null;
    },
  });
}

/** The code of each turn's steps: what the caller gave, or what the archive has of the last plan. */
export function useTurnCode(job: Job, turns: readonly Turn[]): (turn: Turn) => TurnCode {
  const asked = useAskedRequest(job.job_id);
  const planFile = usePlanFile(job);
  return (turn) => {
    // The archive has the same steps, and tells them to keys that are not told what was asked.
    const isInArchive = planFile.data !== undefined && planFile.data !== null;
    if (turn.source === "explicit" && !(asked.error !== null && isInArchive))
      return ofRequest(asked.data?.request, asked.error);
    if (turn.number !== turns.at(-1)?.number)
      return {
        state: "unknown",
        why: "Of a plan that was repaired, its steps are kept, and not their code.",
      };
    if (planFile.data !== undefined && planFile.data !== null)
      return { state: "known", steps: planFile.data };
    if (job.finished_at === null)
      return { state: "unknown", why: "The code of this plan is shown when the job has ended." };
    if (planFile.isLoading) return { state: "unknown", why: "The code is being fetched …" };
    return { state: "unknown", why: "The job's archive is not there, and the plan's code was in it." };
  };
}

function ofRequest(request: ScheduleRequest | undefined, error: Error | null): TurnCode {
  if (request?.steps !== undefined) return { state: "known", steps: request.steps.map(toStepCode) };
  return { state: "unknown", why: error === null ? "The code is being fetched …" : error.message };
}
