import type { Tenant } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../access/use-me.ts";
import { formatBytes } from "../format/bytes.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { Loading } from "../widgets/loading.tsx";
import { WideTable } from "../widgets/wide-table.tsx";
import { ChangeLimits } from "./change-limits.tsx";

const lookEveryMs = 30_000;
const columns = ["Tenant", "Keys", "Unfinished", "Waiting", "A minute", "Stored"] as const;

/** The tenants, and what they use of what they may. Who runs the service, by a key, changes that. */
export function Tenants() {
  const client = useClient();
  const { data: me } = useMe();
  const mayChange = me !== undefined && me.runs_service && me.key !== null;
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
        <WideTable label="Tenants" columns={mayChange ? [...columns, "What to do"] : columns}>
          {data.map((tenant) => (
            <TenantRow key={tenant.name} tenant={tenant} mayChange={mayChange} />
          ))}
        </WideTable>
      )}
      {mayChange ? (
        <p className="muted">
          A tenant may have limits before it has keys: <code>longshore tenants limits NAME --queued 500</code>
        </p>
      ) : (
        <p className="muted">Limits are changed by who runs the service: admins of the tenant local.</p>
      )}
    </section>
  );
}

interface TenantRowProps {
  readonly tenant: Tenant;
  readonly mayChange: boolean;
}

function TenantRow({ tenant, mayChange }: TenantRowProps) {
  const { name, keys, limits, use } = tenant;
  const stored = limits.stored_mb === null ? null : formatBytes(limits.stored_mb * 1_048_576);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{keys}</td>
      <td>{ofMost(String(use.unfinished), limits.unfinished)}</td>
      <td>{ofMost(String(use.queued), limits.queued)}</td>
      <td>{limits.per_minute === null ? "no bound" : `at most ${String(limits.per_minute)}`}</td>
      <td>{ofMost(formatBytes(use.stored_bytes), stored)}</td>
      {mayChange ? (
        <td>
          <ChangeLimits tenant={tenant} />
        </td>
      ) : null}
    </tr>
  );
}

function ofMost(used: string, most: string | number | null): string {
  return most === null ? `${used}, no bound` : `${used} of ${String(most)}`;
}
