import type { DiskGuard } from "@longshore/shared/blob/create-disk-guard";
import type { MessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import type { SandboxProvider } from "../sandbox/sandbox-provider.ts";
import type { Sweep } from "./create-sweep.ts";

export interface WatchAbilityDeps {
  readonly disk: Pick<DiskGuard, "check">;
  readonly provider: Pick<SandboxProvider, "ping">;
  readonly consumer: Pick<MessageConsumer, "pause" | "resume">;
}

const pingBoundMs = 3_000;

/**
 * Takes no Messages while a Job could not be run here, as the engine does not answer, or not be kept, as there is hardly
 * room where archives are written: they stay in the queue, for workers that can or for later. A worker that took them
 * would use their attempts up. What runs goes on: it has its own end for both. That it is so is told by who reports it.
 */
export function watchAbility({ disk, provider, consumer }: WatchAbilityDeps): Sweep {
  const answers = async (signal: AbortSignal): Promise<boolean> => {
    try {
      await provider.ping(AbortSignal.any([signal, AbortSignal.timeout(pingBoundMs)]));
      return true;
    } catch {
      return false;
    }
  };
  return {
    name: "watch-ability",
    everyMs: 1_000,
    run: async (signal) => {
      const [{ roomForJobs }, engineAnswers] = await Promise.all([disk.check(), answers(signal)]);
      await (roomForJobs && engineAnswers ? consumer.resume() : consumer.pause());
    },
  };
}
