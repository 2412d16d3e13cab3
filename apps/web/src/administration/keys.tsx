import type { Key } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAccess } from "../access/use-access.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Loading } from "../widgets/loading.tsx";
import { Moment } from "../widgets/moment.tsx";
import { WideTable } from "../widgets/wide-table.tsx";
import { NewKey } from "./new-key.tsx";
import { RevokeKey } from "./revoke-key.tsx";

const lookEveryMs = 30_000;

/** The API keys, without their secrets; those that have ended where they are asked for. */
export function Keys() {
  const client = useClient();
  const [withEnded, setWithEnded] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => client.keys({ signal }),
    refetchInterval: lookEveryMs,
  });
  const ended = data?.filter(({ state }) => state !== "valid").length ?? 0;
  return (
    <section className="panel">
      <h2>API keys</h2>
      {error === null ? null : (
        <ProblemNotice what="The keys cannot be shown" error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null ? <Loading what="the keys" /> : null}
      {data?.length === 0 ? <NoKeys /> : null}
      {data === undefined || data.length === 0 ? null : (
        <>
          <NewKey />
          <KeyTable all={data} keys={data.filter(({ state }) => withEnded || state === "valid")} />
          {ended === 0 ? null : (
            <ActionButton tone="quiet" onPress={() => setWithEnded(!withEnded)}>
              {withEnded ? "Hide those that have ended" : `Show ${String(ended)} that have ended`}
            </ActionButton>
          )}
        </>
      )}
    </section>
  );
}

function NoKeys() {
  return (
    <p>
      There are none: whoever reaches this machine’s own address is taken in. The first one, which closes the
      service, is made on that machine: <code>npm run keys -- create --name me --scopes admin</code>
    </p>
  );
}

interface KeyTableProps {
  /** Those that are known, whether they are shown or not. */
  readonly all: readonly Key[];
  readonly keys: readonly Key[];
}

function KeyTable({ all, keys }: KeyTableProps) {
  const prefixes = new Map(all.map(({ id, prefix }) => [id, prefix]));
  const madeBy = (id: string | null) => (id === null ? "–" : (prefixes.get(id) ?? "a key of another tenant"));
  return (
    <WideTable
      label="API keys"
      columns={["Key", "Name", "Tenant", "Scopes", "Made by", "Ends", "Last used", "What to do"]}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} shown={key} madeBy={madeBy(key.created_by)} />
      ))}
    </WideTable>
  );
}

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** A day with its year, which for the end of a key is often another one. */
function Day({ at }: { readonly at: string }) {
  return <time dateTime={at}>{day.format(new Date(at))}</time>;
}

function KeyRow({ shown, madeBy }: { readonly shown: Key; readonly madeBy: string }) {
  const access = useAccess();
  const isOwn = access.key?.startsWith(`${shown.prefix}_`) === true;
  return (
    <tr>
      <th scope="row">
        <code>{shown.prefix}</code> {isOwn ? <span className="muted">this page’s</span> : null}
      </th>
      <td className="key-name">{shown.name}</td>
      <td>{shown.tenant}</td>
      <td>{shown.scopes.join(", ")}</td>
      <td>{madeBy}</td>
      <td>{shown.expires_at === null ? "never" : <Day at={shown.expires_at} />}</td>
      <td>{shown.last_used_at === null ? "never" : <Moment at={shown.last_used_at} />}</td>
      <td>{shown.state === "valid" ? <RevokeKey shown={shown} isOwn={isOwn} /> : shown.state}</td>
    </tr>
  );
}
