import {
  freshPlanView,
  type PlannedStepView,
  type PlanView,
  type StoredPlan,
} from "@longshore/shared/contracts/plan";
import type { Step } from "@longshore/shared/contracts/step";
import { emptyMask, type SecretMask } from "@longshore/shared/domain/secret-mask";
import { closePlan, hasRun, moveStep, nextStep, runningStep } from "./plan-progress.ts";

/** A plan that is to run: where it came from, after how many turns, and its Steps. */
export interface Plan {
  readonly source: PlanView["source"];
  readonly turns: number;
  readonly promptVersion: string | null;
  readonly steps: readonly Step[];
}

/** How a Step ended, as far as the plan shows it. */
export interface StepEnd {
  readonly exitCode: number | null;
  readonly durationMs: number;
}

/**
 * What the worker knows of the plan in hand. The agent's word moves it on, but only along the plan: a Step that is not
 * the next one, or an end before the last Step, is a breach of the protocol and not a success.
 */
export interface PlanTracker {
  replace(plan: Plan): void;
  /** Takes up what another worker had stored of the plan. */
  restore(stored: StoredPlan, steps: readonly Step[]): void;
  current(): Plan | null;
  stored(): StoredPlan | null;
  /** Marks the Step running and gives its view, or null where it is not its turn. */
  start(index: number, at: Date): PlannedStepView | null;
  /** Marks the running Step ended and gives its view, or null where it was not running. */
  finish(index: number, end: StepEnd): PlannedStepView | null;
  /** True where every Step of the plan has succeeded, or failed with `continue_on_error`. */
  isComplete(): boolean;
  /** True where there is a plan of which nothing has run yet. */
  isUntouched(): boolean;
  /** Index of the running Step, or null. */
  running(): number | null;
  /** The plan as it stands in an ended Job: what ran is failed, what did not is skipped. */
  closed(): StoredPlan | null;
}

/** A tracker without a plan. */
export function createPlanTracker(mask: SecretMask = emptyMask): PlanTracker {
  let plan: Plan | null = null;
  let view: PlanView | null = null;
  // A Step has failed that may not: nothing of this plan is to run any more.
  let halted = false;

  const move = (index: number, from: PlannedStepView["status"], to: Partial<PlannedStepView>) => {
    const moved = view === null ? null : moveStep(view, index, from, to);
    view = moved?.view ?? view;
    return moved?.step ?? null;
  };
  const stored = (): StoredPlan | null =>
    view === null || plan === null ? null : { view, promptVersion: plan.promptVersion };

  return {
    replace: (next) => {
      plan = next;
      view = withoutSecrets(freshPlanView(next.source, next.turns, next.steps), mask);
      halted = false;
    },
    restore: (last, steps) => {
      view = last.view;
      plan = { source: last.view.source, turns: last.view.turns, promptVersion: last.promptVersion, steps };
      halted = last.view.steps.some(
        ({ status }, position) => status === "failed" && steps[position]?.continue_on_error !== true,
      );
    },
    current: () => plan,
    stored,
    start: (index, at) => {
      if (halted || view === null || nextStep(view) !== index) return null;
      return move(index, "pending", { status: "running", started_at: at.toISOString() });
    },
    finish: (index, { exitCode, durationMs }) => {
      const status = exitCode === 0 ? "succeeded" : "failed";
      const step = move(index, "running", { status, exit_code: exitCode, duration_ms: durationMs });
      if (step?.status === "failed" && plan?.steps[index - 1]?.continue_on_error !== true) halted = true;
      return step;
    },
    isUntouched: () => view?.steps.every(({ status }) => status === "pending") ?? false,
    isComplete: () => !halted && view !== null && hasRun(view),
    running: () => (view === null ? null : runningStep(view)),
    closed: () => {
      if (view !== null) view = closePlan(view);
      return stored();
    },
  };
}

/** Names of Steps are the caller's, or a model's. */
function withoutSecrets(view: PlanView, mask: SecretMask): PlanView {
  const named = (step: PlannedStepView) => ({
    ...step,
    name: step.name === null ? null : mask.text(step.name),
  });
  return { ...view, steps: view.steps.map(named) };
}
