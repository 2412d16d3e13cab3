import type { MeView } from "@longshore/shared/contracts/me-view";
import type { NoOneKey } from "@longshore/shared/db/find-one-key";
import type { KeyRecord } from "@longshore/shared/db/list-keys";
import type { TenantRecord } from "@longshore/shared/db/list-tenants";
import { toKeyView } from "@longshore/shared/db/to-key-view";
import { toTenantView } from "@longshore/shared/db/to-tenant-view";
import { type Caller, holdsScope, isOperator, type Scope, scopes } from "@longshore/shared/domain/access";
import type { Result } from "@longshore/shared/domain/result";
import type { TenantLimits } from "@longshore/shared/domain/tenant-limits";

export interface DescribeCallerDeps {
  readonly findOneKey: (named: string, tenant: string | null) => Promise<Result<KeyRecord, NoOneKey>>;
  /** The one of this name, whatever is known of it. */
  readonly listTenants: (tenant: string) => Promise<readonly TenantRecord[]>;
  readonly tenantLimits: TenantLimits;
}

/** Who asks, what they may do, and what their tenant may and does use. */
export function createDescribeCaller({ findOneKey, listTenants, tenantLimits }: DescribeCallerDeps) {
  return async ({ tenant, keyId }: Caller, held: readonly Scope[]): Promise<MeView> => {
    const [[found], key] = await Promise.all([
      listTenants(tenant),
      keyId === null ? null : findOneKey(keyId, tenant),
    ]);
    if (found === undefined) throw new Error("a tenant that is asked for by its name is not listed");
    if (key?.ok === false) throw new Error("the row of a key that was let in is not there");
    const { limits, use } = toTenantView(found, tenantLimits);
    return {
      ...{ tenant, key: key === null ? null : toKeyView(key.value) },
      scopes: scopes.filter((scope) => holdsScope(held, scope)),
      runs_service: holdsScope(held, "admin") && isOperator({ tenant }),
      ...{ limits, use },
    };
  };
}
