import type { NewAuditEvent } from "@longshore/shared/db/audit-trail";
import { type CountedTrail, createCountedTrail } from "./counted-trail.ts";

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

/** Tells the audit trail of requests that were refused. A kind is a code and a key. */
export function createRefusalTrail(
  append: (event: NewAuditEvent) => boolean,
  everyMs?: number,
): CountedTrail<RefusedRequest> {
  return createCountedTrail({
    ...(everyMs === undefined ? {} : { everyMs }),
    kindOf: ({ code, keyId }: RefusedRequest) => `${code} ${keyId ?? ""}`,
    tell: ({ code, tenant, keyId, requestId, route, address }, times) =>
      append({
        ...{ action: "key.refused", tenant, keyId, jobId: null, requestId },
        details: { code, route, address, times },
      }),
  });
}
