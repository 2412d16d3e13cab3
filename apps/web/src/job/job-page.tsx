import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "../format/bytes.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { Notice } from "../widgets/notice.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { StatusBadge } from "../widgets/status-badge.tsx";

/** One job. */
export function JobPage({ jobId }: { readonly jobId: string }) {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["job", jobId],
    queryFn: ({ signal }) => client.status(jobId, { signal }),
    refetchInterval: ({ state }) => (state.data?.finished_at === null ? 1_000 : false),
  });
  if (error !== null)
    return <ProblemNotice what="The job cannot be shown" error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the job" />;
  return (
    <>
      <PageTitle title={`Job ${jobId}`}>
        <StatusBadge status={data.status} />
      </PageTitle>
      {data.failure === null ? null : (
        <Notice tone="bad" title={data.failure.code}>
          <p>{data.failure.message}</p>
        </Notice>
      )}
      <pre className="panel">{data.prompt}</pre>
      {data.output === null ? null : (
        <p>
          {data.output.files} files, {formatBytes(data.output.bytes)}
        </p>
      )}
    </>
  );
}
