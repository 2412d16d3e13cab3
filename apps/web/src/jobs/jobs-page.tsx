import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { formatDuration } from "../format/duration.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { Moment } from "../widgets/moment.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { StatusBadge } from "../widgets/status-badge.tsx";

/** All jobs, the newest first. */
export function JobsPage() {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => client.page({}, { signal }),
    refetchInterval: 2_000,
  });
  if (error !== null)
    return <ProblemNotice what="The jobs cannot be shown" error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageTitle title="Jobs" />
      {data === undefined ? <Loading what="the jobs" /> : null}
      <ul>
        {data?.jobs.map((job) => (
          <li key={job.job_id}>
            <StatusBadge status={job.status} /> <Moment at={job.created_at} />{" "}
            {job.timings_ms.total === null ? null : formatDuration(job.timings_ms.total)}{" "}
            <Link href={`/jobs/${job.job_id}`}>{job.prompt ?? job.job_id}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
