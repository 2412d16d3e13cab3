import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { newJobId } from "@longshore/shared/domain/job-id";
import type Docker from "dockerode";
import {
  createAgentConnection,
  type AgentConnection,
} from "../../apps/worker/src/sandbox/docker/agent-connection.ts";
import {
  containerSpec,
  type ContainerBody,
  type ContainerSpec,
} from "../../apps/worker/src/sandbox/docker/container-spec.ts";
import { dockerSandbox } from "../../apps/worker/src/sandbox/docker/docker-sandbox.ts";
import { endAndRemove } from "../../apps/worker/src/sandbox/docker/end-container.ts";
import { createEngine, type Engine } from "../../apps/worker/src/sandbox/docker/engine.ts";
import { differencesInFacts } from "../../apps/worker/src/sandbox/docker/facts-check.ts";
import { differencesInInspect } from "../../apps/worker/src/sandbox/docker/inspect-check.ts";
import { runtimeTraits } from "../../apps/worker/src/sandbox/docker/runtime-traits.ts";
import { sandboxBounds } from "../../apps/worker/src/sandbox/docker/sandbox-bounds.ts";
import { sandboxLabels } from "../../apps/worker/src/sandbox/docker/sandbox-labels.ts";
import { sandboxName, sandboxUid } from "../../apps/worker/src/sandbox/docker/sandbox-name.ts";
import { waitForHello } from "../../apps/worker/src/sandbox/docker/wait-for-hello.ts";
import { agentEndsItselfMs } from "../../apps/worker/src/sandbox/agent-silence.ts";
import type { Sandbox } from "../../apps/worker/src/sandbox/sandbox-provider.ts";
import { attackedRunner, attackedRuntime } from "./attacked-runtime.ts";
import { attackedLimits } from "./probes/limits.ts";

const profile = new URL("../../apps/worker/src/sandbox/docker/seccomp-profile.json", import.meta.url);

const silent = { debug: () => undefined, warn: () => undefined };

/** A Sandbox that no worker would use. */
export interface UncheckedSandbox {
  /** Null where its agent refused to run, or the engine to start it. */
  readonly sandbox: Sandbox | null;
  /** Why a worker refuses it, each as a sentence. */
  readonly refusals: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Starts a container by another body than the recipe's, and says what the worker's checks would say of it. */
export async function startUnchecked(
  docker: Docker,
  image: string,
  change: (body: ContainerBody) => ContainerBody,
): Promise<UncheckedSandbox> {
  const engine = createEngine(docker);
  const spec = await makeSpec(engine, image);
  const signal = AbortSignal.timeout(60_000);
  const { id } = await engine.create(spec.name, change(spec.body), signal, () => undefined);
  const remove = () => endAndRemove(engine, id);
  let connection: AgentConnection | null = null;
  try {
    connection = createAgentConnection(await engine.attach(id, signal));
    await engine.start(id, signal);
    const refusals = await differences(engine, { id, spec, connection }, signal);
    const owned = { id, name: spec.name, user: spec.body.User ?? "", connection, warm: false };
    const sandbox = dockerSandbox({ engine, agentEndsItselfMs, logger: silent }, owned);
    return { sandbox, refusals, remove };
  } catch (error) {
    const said = connection?.stderrTail().trim() ?? "";
    return { sandbox: null, refusals: [said === "" ? String(error) : said], remove };
  }
}

async function makeSpec(engine: Engine, image: string): Promise<ContainerSpec> {
  const found = await engine.image(image, AbortSignal.timeout(10_000));
  if (found === null) throw new Error(`The engine has no image ${image}.`);
  const { cpus } = await engine.host();
  const jobId = newJobId();
  return containerSpec({
    name: sandboxName(jobId, 1),
    uid: sandboxUid(jobId),
    image: found,
    runtime: attackedRuntime,
    stepRunner: attackedRunner,
    bounds: sandboxBounds(attackedLimits, cpus, runtimeTraits(attackedRuntime)),
    labels: sandboxLabels(`attacks-${randomUUID()}`, "attacks", randomUUID()),
    seccompProfile: JSON.stringify(JSON.parse(await readFile(profile, "utf8"))),
  });
}

async function differences(
  engine: Engine,
  { id, spec, connection }: { id: string; spec: ContainerSpec; connection: AgentConnection },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const traits = runtimeTraits(attackedRuntime);
  const { facts } = await waitForHello(connection, signal, () => engine.inspect(id), traits.helloMs);
  const inspected = await engine.inspect(id);
  const { appArmor } = await engine.host();
  return [
    ...(inspected === null ? ["It is gone."] : differencesInInspect(spec, inspected, { appArmor })),
    ...differencesInFacts(spec, facts, traits),
  ];
}
