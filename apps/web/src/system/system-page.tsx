import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { PageTitle } from "../widgets/page-title.tsx";

/** How the service is. */
export function SystemPage() {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["ready"],
    queryFn: ({ signal }) => client.ready({ signal }),
    refetchInterval: 5_000,
  });
  if (error !== null)
    return <ProblemNotice what="The service is not ready" error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the state of the service" />;
  return (
    <>
      <PageTitle title="System" />
      <dl className="panel">
        {Object.entries(data.components).map(([name, { state, reason }]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {state} {reason}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
