import type { Tenant } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "../format/bytes.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { WideTable } from "../widgets/wide-table.tsx";

const lookEveryMs = 30_000;

/** The tenants, and what they use of what they may. */
export function Tenants() {
  const client = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["tenants"],
    queryFn: ({ signal }) => client.tenants({ signal }),
    refetchInterval: lookEveryMs,
  });
  return (
    <section className="panel">
      <h2>Tenants</h2>
      {error === null ? null : (
        <ProblemNotice what="The tenants cannot be shown" error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="the tenants" /> : null}
      {data === undefined ? null : (
        <WideTable
          label="Tenants"
          columns={["Tenant", "Keys", "Unfinished", "Waiting", "A minute", "Stored"]}
        >
          {data.map((tenant) => (
            <TenantRow key={tenant.name} tenant={tenant} />
          ))}
        </WideTable>
      )}
      <p className="muted">
        Who runs the service changes limits: <code>longshore tenants limits NAME --queued 500</code>
      </p>
    </section>
  );
}

function TenantRow({ tenant: { name, keys, limits, use } }: { readonly tenant: Tenant }) {
  const stored = limits.stored_mb === null ? null : formatBytes(limits.stored_mb * 1_048_576);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{keys}</td>
      <td>{ofMost(String(use.unfinished), limits.unfinished)}</td>
      <td>{ofMost(String(use.queued), limits.queued)}</td>
      <td>{limits.per_minute === null ? "no bound" : `at most ${String(limits.per_minute)}`}</td>
      <td>{ofMost(formatBytes(use.stored_bytes), stored)}</td>
    </tr>
  );
}

function ofMost(used: string, most: string | number | null): string {
  return most === null ? `${used}, no bound` : `${used} of ${String(most)}`;
}
