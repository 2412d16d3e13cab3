import { isGvisor } from "./attacked-runtime.ts";
import type { Finding } from "./probe.ts";
import { gvisorAnswers } from "./under-gvisor.ts";

/** Whether a probe found what it must, in Linux's words or in those of the kernel that it ran under. */
export function isHeld({ probe, found, held }: Finding): boolean {
  const otherwise = isGvisor ? gvisorAnswers[probe.name] : undefined;
  return held || (found !== null && otherwise?.test(found) === true);
}
