import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import type { NetworkRequest } from "@longshore/shared/contracts/network";
import {
  createEgress,
  type Egress,
  type EgressSettings,
} from "../../apps/worker/src/egress/create-egress.ts";
import { toReach } from "../../apps/worker/src/egress/judge-target.ts";
import {
  followSteps,
  shellStep,
  type StepsRun,
  testToken,
} from "../../apps/worker/src/sandbox/run-steps.testkit.ts";
import type { Sandbox } from "../../apps/worker/src/sandbox/sandbox-provider.ts";

export interface NetworkedSteps {
  readonly settings: EgressSettings;
  readonly network: NetworkRequest;
  /** Gets the `system` lines of the Job's log. */
  readonly say: (line: string) => void;
  readonly commands: readonly string[];
}

/** Runs shell Steps in a Sandbox of which the programs have a network, as a worker does. */
export async function runWithNetwork(sandbox: Sandbox, networked: NetworkedSteps): Promise<StepsRun> {
  const egress = openNetwork(sandbox, networked);
  await sendNetworkedSteps(sandbox, networked.commands.map(shellStep));
  try {
    return await followSteps(sandbox);
  } finally {
    egress.stop();
  }
}

/** Gives the agent a Job of these Steps, and tells it to take connections in. */
export function sendNetworkedSteps(sandbox: Sandbox, steps: readonly WireStep[]): Promise<void> {
  return sandbox.send({
    ...{ type: "job", job_id: "0198c0de-0000-7000-8000-000000000000", attempt: 1, env: {}, egress: true },
    ...{ log_bytes: 1_048_576, log_lines: 65_536, resume_token: testToken, silence_ms: 120_000 },
    steps: [...steps],
  });
}

/** Serves the connections of the Sandbox's programs. */
export function openNetwork(
  sandbox: Sandbox,
  { settings, network, say }: Omit<NetworkedSteps, "commands">,
): Egress {
  const reach = toReach(network, settings.permitsFull);
  if (reach === null) throw new Error("it has a network");
  const egress = createEgress({ ...settings, reach, bytesBefore: 0, send: sandbox.send, say });
  sandbox.onEgress(egress.take);
  return egress;
}
