import { imageMutations } from "./image-mutations.ts";
import { isolationMutations } from "./isolation-mutations.ts";
import { limitMutations } from "./limit-mutations.ts";
import { maskedPathMutations } from "./masked-path-mutations.ts";
import { seccompMutations } from "./seccomp-mutations.ts";

/** Every defence that is taken away in turn, by the sections of docs/security.md. */
export const allMutations = {
  "System calls": seccompMutations,
  Isolation: isolationMutations,
  "Masked paths": maskedPathMutations,
  "The image and its programs": imageMutations,
  Limits: limitMutations,
} as const;
