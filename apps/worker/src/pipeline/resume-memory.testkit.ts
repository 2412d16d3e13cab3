import { createResumeMemory, nothingToResume, type ResumeMemory, type ResumeState } from "./resume-memory.ts";

/** A memory of an Attempt that is stored nowhere; `from` is what differs from a fresh one. */
export function memoryOf(from: Partial<ResumeState> = {}): ResumeMemory {
  return createResumeMemory(
    { ...nothingToResume, ...from },
    () => ({}),
    () => undefined,
  );
}
