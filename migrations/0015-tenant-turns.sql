-- When a tenant had its last turn, in a row of its own: who stores the tenant's jobs holds that of its use, and who takes a
-- lease waited for it, with all leases that are taken in the same statement. `tenant_use.turn_at` stays for workers of the
-- version before, until they have left.
CREATE TABLE tenant_turns (
  tenant text PRIMARY KEY,
  turn_at timestamptz NOT NULL
);

INSERT INTO tenant_turns (tenant, turn_at) SELECT tenant, turn_at FROM tenant_use WHERE turn_at IS NOT NULL;
