import type { StoredSteps } from "@longshore/shared/contracts/plan";
import type { Step } from "@longshore/shared/contracts/step";
import { emptyMask } from "@longshore/shared/domain/secret-mask";

/** What a Job without secrets has in their place: it masks nothing, and its Steps are stored in clear. */
export const nothingSecret = {
  mask: emptyMask,
  sealSteps: (steps: readonly Step[]): StoredSteps => steps,
};
