import type { Job } from "@longshore/client";
import { Link } from "wouter";
import { KeyMayNot } from "../../access/key-may-not.tsx";
import { useMay } from "../../access/use-me.ts";
import { ActionButton } from "../../widgets/action-button.tsx";
import type { useCancel, useRunAgain } from "./use-job-actions.ts";

interface JobActionsProps {
  readonly job: Job;
  readonly cancel: ReturnType<typeof useCancel>;
  readonly again: ReturnType<typeof useRunAgain>;
}

/** What can be done with the job, by who may. */
export function JobActions({ job, cancel, again }: JobActionsProps) {
  if (useMay("jobs:write") === false) return <KeyMayNot what="run or cancel jobs" />;
  return (
    <>
      {job.finished_at === null ? (
        <ActionButton
          tone="danger"
          isPending={cancel.isPending}
          isDisabled={job.cancel_requested_at !== null}
          onPress={() => cancel.mutate()}
        >
          {job.cancel_requested_at === null ? "Cancel" : "Cancelling …"}
        </ActionButton>
      ) : (
        <ActionButton tone="main" isPending={again.isPending} onPress={again.begin}>
          Run again
        </ActionButton>
      )}
      <Link className="action-button" href={`/new?from=${job.job_id}`}>
        Edit and run
      </Link>
    </>
  );
}
