import "./job-header.css";
import type { Job } from "@longshore/client";
import { Link } from "wouter";
import { ProblemNotice } from "../../service/problem-notice.tsx";
import { ActionButton } from "../../widgets/action-button.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { StatusBadge } from "../../widgets/status-badge.tsx";
import { CancelReceipt } from "./cancel-receipt.tsx";
import { JobFacts } from "./job-facts.tsx";
import { titleOf } from "./title-of.ts";
import { useCancel, useRunAgain } from "./use-job-actions.ts";

/** What the job is, how it is, and what can be done with it. */
export function JobHeader({ job }: { readonly job: Job }) {
  const cancel = useCancel(job.job_id);
  const again = useRunAgain(job.job_id);
  const isOver = job.finished_at !== null;
  return (
    <header className="job-header">
      <PageTitle title={titleOf(job)}>
        {isOver ? (
          <ActionButton tone="main" isPending={again.isPending} onPress={() => again.mutate()}>
            Run again
          </ActionButton>
        ) : (
          <ActionButton
            tone="danger"
            isPending={cancel.isPending}
            isDisabled={job.cancel_requested_at !== null}
            onPress={() => cancel.mutate()}
          >
            {job.cancel_requested_at === null ? "Cancel" : "Cancelling …"}
          </ActionButton>
        )}
        <Link className="action-button" href={`/new?from=${job.job_id}`}>
          Edit and run
        </Link>
      </PageTitle>
      <div className="job-header-line">
        <StatusBadge status={job.status} />
        <JobFacts job={job} />
      </div>
      {cancel.data === undefined ? null : <CancelReceipt receipt={cancel.data} job={job} />}
      {cancel.error === null ? null : <ProblemNotice what="The job was not cancelled" error={cancel.error} />}
      {again.error === null ? null : <ProblemNotice what="The job was not run again" error={again.error} />}
    </header>
  );
}
