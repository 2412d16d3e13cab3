import type { PlannedStepView, PlanView } from "@longshore/shared/contracts/plan";

/** The view with the Step at `index` (from 1) moved on, where it is in the state `from`; else null. */
export function moveStep(
  view: PlanView,
  index: number,
  from: PlannedStepView["status"],
  to: Partial<PlannedStepView>,
): { readonly view: PlanView; readonly step: PlannedStepView } | null {
  const before = view.steps[index - 1];
  if (before?.status !== from) return null;
  const step = { ...before, ...to };
  return { view: { ...view, steps: view.steps.with(index - 1, step) }, step };
}

/** Index of the Step whose turn it is; null where one runs, or none is left. */
export function nextStep({ steps }: PlanView): number | null {
  if (runningStep({ steps }) !== null) return null;
  return steps.find(({ status }) => status === "pending")?.index ?? null;
}

/** Index of the Step that runs, or null. */
export function runningStep({ steps }: Pick<PlanView, "steps">): number | null {
  return steps.find(({ status }) => status === "running")?.index ?? null;
}

/** True where every Step has run to its end. */
export function hasRun({ steps }: PlanView): boolean {
  return steps.every(({ status }) => status === "succeeded" || status === "failed");
}

/** The view as it stands in an ended Job: what ran is failed, what did not is skipped. */
export function closePlan(view: PlanView): PlanView {
  return { ...view, steps: view.steps.map(toClosed) };
}

function toClosed(step: PlannedStepView): PlannedStepView {
  if (step.status === "pending") return { ...step, status: "skipped" };
  return step.status === "running" ? { ...step, status: "failed" } : step;
}
