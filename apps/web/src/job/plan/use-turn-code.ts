import type { Job, JobPlan } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { readUpTo } from "../../outputs/read-up-to.ts";
import { useClient } from "../../service/use-client.ts";
import type { Turn } from "../history/job-history.ts";
import { readPlanFile, type StepCode, toStepCode } from "./step-code.ts";
import { usePlans } from "./use-plans.ts";

/** The code of a turn's steps, or why it cannot be shown. */
export type TurnCode =
  | { readonly state: "known"; readonly steps: readonly StepCode[] }
  | { readonly state: "unknown"; readonly why: string };

const mostPlanBytes = 4_000_000;

/** The steps of the last plan as the job's archive has them; null where it has none that could be read. */
function usePlanFile(job: Job, isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: ["plan-file", job.job_id],
    enabled: isWanted && job.output !== null,
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

/** The code of each turn's steps: as the service tells it, or what the archive has of the last plan. */
export function useTurnCode(job: Job, turns: readonly Turn[]): (turn: Turn) => TurnCode {
  const last = turns.at(-1)?.seq ?? 0;
  const { data, error, isFetching } = usePlans(job.job_id, last);
  const lastPlan = data?.get(last);
  const isUntold =
    lastPlan === undefined ? error !== null || (data !== undefined && !isFetching) : lastPlan.steps === null;
  const planFile = usePlanFile(job, isUntold);
  return ({ seq }) => {
    const plan = data?.get(seq);
    if (plan !== undefined && plan.steps !== null)
      return { state: "known", steps: plan.steps.map(toStepCode) };
    if (seq === last && planFile.data !== undefined && planFile.data !== null)
      return { state: "known", steps: planFile.data };
    if (isFetching || planFile.isFetching) return { state: "unknown", why: "The code is being fetched …" };
    return { state: "unknown", why: error === null ? whyUntold(plan, job) : error.message };
  };
}

function whyUntold(plan: JobPlan | undefined, job: Job): string {
  if (plan === undefined)
    return "The job ran on a version of the service that kept the code of a last plan alone, in the archive.";
  if (job.finished_at === null)
    return "The job has secrets, and the steps that it was given are sealed with them until it ends.";
  return "The job had secrets, and the steps that it was given were wiped with them; its archive, which has them, is not there.";
}
