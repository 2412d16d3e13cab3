/**
 * The row in which the tenant's use is counted, or that of the Idempotency-Key, is held by another for longer than a Job
 * waits for it; nothing is stored. The database itself is well.
 */
export class TenantRowHeld extends Error {
  override readonly name = "TenantRowHeld";
  constructor(options?: ErrorOptions) {
    super("a row of the tenant is held", options);
  }
}
