import { gvisorMutations } from "./gvisor-mutations.ts";
import { imageMutations } from "./image-mutations.ts";
import { isolationMutations } from "./isolation-mutations.ts";
import { limitMutations } from "./limit-mutations.ts";
import { maskedPathMutations } from "./masked-path-mutations.ts";
import { seccompMutations } from "./seccomp-mutations.ts";

/** What is taken away in turn in a run under gVisor. */
export const mutationsUnderGvisor = { "Under gVisor": gvisorMutations } as const;

/** Every other defence that is taken away in turn, by the sections of docs/security.md. */
export const allMutations = {
  "System calls": seccompMutations,
  Isolation: isolationMutations,
  "Masked paths": maskedPathMutations,
  "The image and its programs": imageMutations,
  Limits: limitMutations,
} as const;
