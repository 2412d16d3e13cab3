import "./system-page.css";
import { ProblemError } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../access/use-me.ts";
import { Administration } from "../administration/administration.tsx";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { Failures } from "./failures.tsx";
import { Figures } from "./figures.tsx";
import { Parts } from "./parts.tsx";
import { Workers } from "./workers.tsx";

const lookEveryMs = 5_000;

/** How the service is: all of it for who runs it, the state of its parts for others. */
export function SystemPage() {
  const client = useClient();
  const mayAsk = useMay("admin");
  const { data, error, refetch } = useQuery({
    queryKey: ["system"],
    enabled: mayAsk === true,
    queryFn: ({ signal }) => client.system({ signal }),
    refetchInterval: lookEveryMs,
  });
  return (
    <>
      <PageTitle title="System" />
      {error === null ? null : (
        <ProblemNotice what="The system cannot be shown" error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && mayAsk !== false ? (
        <Loading what="the state of the service" />
      ) : null}
      {mayAsk === false ? <PartsAlone /> : null}
      {data === undefined ? null : (
        <>
          <Figures system={data} />
          <Parts components={data.components} />
          <Workers workers={data.workers} />
          <Failures failures={data.failures} />
          <Administration />
        </>
      )}
    </>
  );
}

function PartsAlone() {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["ready"],
    queryFn: async ({ signal }) => {
      try {
        return (await client.ready({ signal })).components;
      } catch (refusal) {
        // That jobs cannot run is what is to be shown.
        if (refusal instanceof ProblemError && refusal.components !== null) return refusal.components;
        throw refusal;
      }
    },
    refetchInterval: lookEveryMs,
  });
  if (error !== null)
    return <ProblemNotice what="The parts cannot be shown" error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the state of the service" />;
  return (
    <>
      <Parts components={data} />
      <p className="muted">
        Workers, queue, disk and failures are shown to keys with the scope <code>admin</code>.
      </p>
    </>
  );
}
