import { newJobId } from "@longshore/shared/domain/job-id";
import {
  createDockerProvider,
  type DockerProviderDeps,
} from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { untilWarm } from "../../apps/worker/src/sandbox/docker/until-warm.testkit.ts";
import type { Sandbox } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import { attackedLimits } from "./probes/limits.ts";

/** Bounds that the attacked Sandbox is made with, other than those that it is handed over with. */
const madeWith = { ...attackedLimits, cpus: 2, memory_mb: 96, pids: 200 };

/** A Sandbox that has waited in a warm pool, as a worker hands it over. */
export async function startWarm(deps: DockerProviderDeps): Promise<Sandbox> {
  const provider = createDockerProvider({ ...deps, warm: { size: 1, limits: madeWith } });
  try {
    await untilWarm(provider, 1);
    const spec = { jobId: newJobId(), attempt: 1, limits: attackedLimits };
    const started = await provider.start(spec, AbortSignal.timeout(30_000));
    if (!started.ok) throw new Error(started.failure.message);
    if (!started.value.warm) throw new Error("The Sandbox did not come from the pool.");
    return started.value;
  } finally {
    await provider.stop();
  }
}
