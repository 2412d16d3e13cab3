import "./job-page.css";
import type { Job } from "@longshore/client";
import { ProblemError } from "@longshore/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "wouter";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { Notice } from "../widgets/notice.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import type { JobFeed } from "./feed/create-job-feed.ts";
import { useFed, useJobFeed } from "./feed/use-job-feed.ts";
import { JobView } from "./job-view.tsx";

/** As the service's ids are: who asks for another is told so without being asked about it. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Everything about one job, while it happens and afterwards. */
export function JobPage({ jobId }: { readonly jobId: string }) {
  return uuid.test(jobId) ? <KnownJob jobId={jobId} /> : <NoAddress />;
}

function KnownJob({ jobId }: { readonly jobId: string }) {
  const client = useClient();
  const followed = useJobFeed(jobId);
  const status = useQuery({
    queryKey: ["job", jobId],
    queryFn: ({ signal }) => client.status(jobId, { signal }),
    // What is shown is asked anew when an event says that there is more.
    staleTime: Number.POSITIVE_INFINITY,
  });
  useFreshStatus(jobId, status.data, followed.feed);
  const { data, error } = status;
  // What was deleted while it was looked at is gone; all other trouble passes, and what is known stays in view.
  if (error !== null && (data === undefined || codeOf(error) === "job_not_found"))
    return <NoJob error={error} onRetry={() => void status.refetch()} />;
  return data === undefined ? <Loading what="the job" /> : <JobView job={data} followed={followed} />;
}

/** So long after an event the status is asked for: several come together. */
const settleMs = 120;

function useFreshStatus(jobId: string, job: Job | undefined, feed: JobFeed): void {
  const queries = useQueryClient();
  const { marks, turns, calls, end } = useFed(feed, "history");
  const told = `${String(marks.length)} ${String(turns.length)} ${String(calls.length)}`;
  const isBehind = end !== null && job !== undefined && job.finished_at === null;
  useEffect(() => {
    if (told === "0 0 0") return;
    const timer = setTimeout(() => {
      // Of a job that has ended, nothing changes but that its archive expires.
      if (end === null || isBehind) void queries.invalidateQueries({ queryKey: ["job", jobId] });
    }, settleMs);
    return () => clearTimeout(timer);
  }, [queries, jobId, told, end, isBehind]);
}

function NoJob({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (codeOf(error) !== "job_not_found")
    return <ProblemNotice what="The job cannot be shown" error={error} onRetry={onRetry} />;
  return (
    <>
      <PageTitle title="There is no such job" />
      <ProblemNotice what="Nothing is here" error={error} />
    </>
  );
}

function NoAddress() {
  return (
    <>
      <PageTitle title="This is no job's address" />
      <Notice tone="plain" title="A job's id looks otherwise">
        <p>
          The address may have been cut when it was copied. <Link href="/jobs">All jobs</Link>
        </p>
      </Notice>
    </>
  );
}

const codeOf = (error: Error) => (error instanceof ProblemError ? error.code : null);
