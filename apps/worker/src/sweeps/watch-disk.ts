import type { DiskGuard } from "@longshore/shared/blob/create-disk-guard";
import type { MessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import type { Sweep } from "./create-sweep.ts";

export interface WatchDiskDeps {
  readonly disk: Pick<DiskGuard, "check">;
  readonly consumer: Pick<MessageConsumer, "pause" | "resume">;
}

/**
 * Takes no Messages while there is hardly room left where archives are written: they stay in the queue, for workers that
 * have room or for later. What runs goes on: it has its own end for a disk that is full.
 */
export function watchDisk({ disk, consumer }: WatchDiskDeps): Sweep {
  return {
    name: "watch-disk",
    everyMs: 1_000,
    run: async () => {
      const { roomForJobs } = await disk.check();
      await (roomForJobs ? consumer.resume() : consumer.pause());
    },
  };
}
