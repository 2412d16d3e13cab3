import type { NewAuditEvent } from "@longshore/shared/db/audit-trail";

export interface RefusedRequest {
  /** The code of the problem that it was answered with. */
  readonly code: string;
  readonly tenant: string | null;
  readonly keyId: string | null;
  readonly requestId: string;
  /** As a template, without ids. */
  readonly route: string;
  /** Where the connection came from; null where there is none. */
  readonly address: string | null;
}

export interface RefusalTrail {
  note(refused: RefusedRequest): void;
  /** Writes what was counted and not written yet. */
  close(): void;
}

const windowMs = 60_000;

/**
 * Tells the audit trail of requests that were refused. Of each kind, which is a code and a key, the first is written at
 * once and those of the next minute are counted: whoever tries keys all day does not fill the table.
 */
export function createRefusalTrail(
  append: (event: NewAuditEvent) => void,
  everyMs: number = windowMs,
): RefusalTrail {
  const open = new Map<
    string,
    { readonly first: RefusedRequest; more: number; readonly timer: NodeJS.Timeout }
  >();
  const write = ({ code, tenant, keyId, requestId, route, address }: RefusedRequest, times: number) => {
    append({
      ...{ action: "key.refused", tenant, keyId, jobId: null, requestId },
      details: { code, route, address, times },
    });
  };
  const end = (kind: string) => {
    const ended = open.get(kind);
    if (ended === undefined) return;
    open.delete(kind);
    clearTimeout(ended.timer);
    if (ended.more > 0) write(ended.first, ended.more);
  };
  return {
    note: (refused) => {
      const kind = `${refused.code} ${refused.keyId ?? ""}`;
      const counted = open.get(kind);
      if (counted !== undefined) {
        counted.more += 1;
        return;
      }
      const timer = setTimeout(end, everyMs, kind).unref();
      open.set(kind, { first: refused, more: 0, timer });
      write(refused, 1);
    },
    close: () => {
      for (const kind of [...open.keys()]) end(kind);
    },
  };
}
