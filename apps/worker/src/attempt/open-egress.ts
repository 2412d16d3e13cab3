import type { NetworkRequest } from "@longshore/shared/contracts/network";
import { createEgress, type EgressSettings } from "../egress/create-egress.ts";
import { toReach } from "../egress/judge-target.ts";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import { hostMask } from "./mask-hosts.ts";
import type { OpenAttempt } from "./open-attempt.ts";

const bytesPerMb = 1_048_576;

/**
 * Gives the Sandbox's programs the network that the Job asked for, for as long as this worker has the Attempt. What they
 * moved so far is remembered for the next owner, by the megabyte.
 */
export function openEgress(
  settings: EgressSettings,
  { recorder, tracker, memory, secrets }: OpenAttempt,
  sandbox: Pick<Sandbox, "send" | "onEgress">,
  network: NetworkRequest,
): { stop(): void } {
  const reach = toReach(network, settings.permitsFull);
  if (reach === null) return { stop: () => undefined };
  let rememberedMb = memory.state().egressMb;
  const hosts = hostMask(secrets.ok ? secrets.value.env : {});
  const egress = createEgress({
    ...settings,
    reach,
    bytesBefore: rememberedMb * bytesPerMb,
    send: sandbox.send,
    say: (line) => recorder.system(hosts.text(line), tracker.running()),
  });
  sandbox.onEgress((frame, lineBytes, onBreach) => {
    egress.take(frame, lineBytes, onBreach);
    const mb = Math.floor(egress.bytes() / bytesPerMb);
    if (mb > rememberedMb) memory.change({ egressMb: (rememberedMb = mb) });
  });
  return egress;
}
