import type { JobLimits } from "@longshore/shared/domain/limits";
import type { JobRequest } from "@longshore/shared/contracts/schedule-request";
import type { StepKind, Step } from "@longshore/shared/contracts/step";
import type { StepStatus } from "@longshore/shared/contracts/plan";

/** A Step that ran in an earlier turn, as the model is shown it. */
export interface StepEvidence {
  /** From 1, as everywhere. */
  readonly index: number;
  readonly kind: StepKind;
  readonly name: string | null;
  /** The command, the code, or the path that was written; long ones are cut when the prompt is built. */
  readonly source: string;
  readonly exit_code: number | null;
  readonly status: StepStatus;
  /** The last of what it printed, stdout and stderr as they came. */
  readonly outputTail: string;
}

/** What an earlier turn of the same Job led to. */
export type TurnEvidence =
  | { readonly type: "invalid_answer"; readonly reasons: readonly string[] }
  | { readonly type: "step_failed"; readonly steps: readonly StepEvidence[] };

/** What analysis is asked in one turn. */
export interface AnalysisRequest {
  readonly prompt: string;
  /** From 1 to `maxTurns`. */
  readonly turn: number;
  readonly maxTurns: number;
  readonly network: JobRequest["network"];
  readonly limits: JobLimits;
  /** Files that lie in /workspace before the first Step. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Oldest first. */
  readonly history: readonly TurnEvidence[];
}

/** The part of a Step that tells what it does. */
export function stepSource(step: Step): string {
  switch (step.kind) {
    case "shell":
      return step.command;
    case "python":
      return step.code;
    case "write_file":
      return step.path;
  }
}
