/** Nothing is known of the Sandbox: the Attempt is left as it is, to whoever takes it when its Lease is over. */
export class SandboxUnknown extends Error {
  override readonly name = "SandboxUnknown";
}
