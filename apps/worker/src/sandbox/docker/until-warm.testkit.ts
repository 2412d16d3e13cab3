import { setTimeout as pause } from "node:timers/promises";
import type { DockerProvider } from "./create-docker-provider.ts";

const boundMs = 30_000;

/** Waits until so many Sandboxes of the provider wait for a Job. */
export async function untilWarm(provider: DockerProvider, count: number): Promise<void> {
  const deadline = performance.now() + boundMs;
  while (provider.warmReady() < count) {
    if (performance.now() > deadline)
      throw new Error(provider.warmTrouble() ?? `There are ${String(provider.warmReady())} warm Sandboxes.`);
    await pause(10);
  }
}
