import { newJobId } from "@longshore/shared/domain/job-id";
import type { ListedOutput, Sandbox, SandboxProvider, SandboxSpec } from "./sandbox-provider.ts";

export interface ProviderUnderTest {
  readonly provider: SandboxProvider;
  /** The same with an image that is nowhere. */
  readonly withoutImage: { readonly provider: SandboxProvider; readonly image: string };
  /** Kills a Sandbox behind the provider's back. */
  readonly killFromOutside: (ref: string) => Promise<void>;
  /** Stops all that runs in a Sandbox behind the provider's back, without an end. */
  readonly pauseFromOutside: (ref: string) => Promise<void>;
  /** Waits until a start is what it is to be tried as; nothing to wait for where left out. */
  readonly ready?: () => Promise<void>;
  readonly release: () => Promise<void>;
}

export interface Suite {
  readonly provider: () => SandboxProvider;
  readonly under: () => ProviderUnderTest;
}

export const limits: SandboxSpec["limits"] = { cpus: 1, memory_mb: 128, pids: 64, disk_mb: 32 };
export const soon = (): AbortSignal => AbortSignal.timeout(20_000);
export const newSpec = (): SandboxSpec => ({ jobId: newJobId(), attempt: 1, limits });

export async function started(provider: SandboxProvider, spec: SandboxSpec = newSpec()): Promise<Sandbox> {
  const result = await provider.start(spec, soon());
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

export async function endAndRemove(sandbox: Sandbox): Promise<void> {
  await sandbox.end();
  await sandbox.remove();
}

/** The tar of a Sandbox, which is passed on as it comes, and what its listing told until then. */
export function outputsOf(
  sandbox: Sandbox,
  {
    maxFileBytes = 1_000_000,
    signal = soon(),
    hurry = new AbortController().signal,
  }: { readonly maxFileBytes?: number; readonly signal?: AbortSignal; readonly hurry?: AbortSignal } = {},
): { readonly tar: AsyncIterable<Uint8Array>; readonly listed: (ListedOutput | null)[] } {
  const listed: (ListedOutput | null)[] = [];
  const onListed = (output: ListedOutput | null): void => void listed.push(output);
  const tar = sandbox.takeOutputs({ maxFileBytes, maxDepth: 100, onListed, hurry }, signal);
  return { tar, listed };
}
