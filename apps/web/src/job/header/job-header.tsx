import "./job-header.css";
import type { Job } from "@longshore/client";
import { ProblemNotice } from "../../service/problem-notice.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { StatusBadge } from "../../widgets/status-badge.tsx";
import { CancelReceipt } from "./cancel-receipt.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobFacts } from "./job-facts.tsx";
import { titleOf } from "./title-of.ts";
import { useCancel, useRunAgain } from "./use-job-actions.ts";

/** What the job is, how it is, and what can be done with it. */
export function JobHeader({ job }: { readonly job: Job }) {
  const cancel = useCancel(job.job_id);
  const again = useRunAgain(job.job_id);
  return (
    <header className="job-header">
      <PageTitle title={titleOf(job)}>
        <JobActions {...{ job, cancel, again }} />
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
