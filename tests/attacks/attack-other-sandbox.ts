import type { SandboxProvider } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import type { Finding } from "./probe.ts";
import { otherSandbox } from "./probes/other-sandbox.ts";
import { runProbes } from "./run-probes.ts";
import { jobIdOfSameUser, startSandbox, startVictim } from "./victim.ts";

export interface OtherSandboxAttack {
  readonly findings: readonly Finding[];
  /** What the Job that was attacked has seen of it, a sentence each. */
  readonly noticed: readonly string[];
}

/** Attacks a Job from another's Sandbox beside it, of the same user. Rejects where the attacked Job does not go on. */
export async function attackOtherSandbox(provider: SandboxProvider): Promise<OtherSandboxAttack> {
  await using lifetime = new AsyncDisposableStack();
  const victim = await startVictim(provider);
  lifetime.defer(() => victim.remove());
  const attacker = await startSandbox(provider, jobIdOfSameUser(victim.jobId));
  lifetime.defer(() => attacker.remove());
  const findings = await runProbes(attacker, [otherSandbox], victim.constants);
  return { findings, noticed: await victim.said() };
}
