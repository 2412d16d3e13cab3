import type { NewEvent } from "@longshore/shared/contracts/event";
import type { SandboxView } from "@longshore/shared/contracts/job-view";
import type { PlannedStepView, StoredPlan, StoredSteps } from "@longshore/shared/contracts/plan";
import type { Step } from "@longshore/shared/contracts/step";
import type { ModelCall, Usage } from "@longshore/shared/contracts/usage";
import type { PipelineNode } from "@longshore/shared/domain/job-state";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { SecretMask } from "@longshore/shared/domain/secret-mask";
import { toStorableText } from "@longshore/shared/domain/log-line";
import type { EventWriter } from "../attempt/event-writer.ts";
import { maskStep } from "../attempt/mask-step.ts";
import { addCall } from "./add-call.ts";
import { nothingSecret } from "../attempt/nothing-secret.ts";

/** Writes what happens in an Attempt as Events, each with the change of the Job's row that belongs to it. */
export interface HistoryRecorder {
  enter(node: PipelineNode): void;
  plan(plan: StoredPlan, steps: readonly Step[]): void;
  step(step: PlannedStepView, plan: StoredPlan | null): void;
  call(call: ModelCall): void;
  sandbox(sandbox: SandboxView): void;
  /** A printed line, or a piece of one, masked already: a secret may stand on the border of two. */
  line(step: number, stream: "stdout" | "stderr", text: string, continued: boolean): void;
  /** A line of our own: what a user must know that no program printed. */
  system(text: string, step?: number | null): void;
  usage(): Usage;
  sandboxView(): SandboxView | null;
}

/** What a history must not show, and how a plan that may hold it can be stored. */
interface HistorySecrets {
  readonly mask: SecretMask;
  sealSteps(steps: readonly Step[]): StoredSteps;
}

/** A recorder for one Attempt; what it begins with is what the row said when its Lease was taken. */
export function createHistoryRecorder(
  writer: Pick<EventWriter, "add" | "progress">,
  before: Pick<JobRow, "attempt" | "usage" | "sandbox" | "node">,
  { mask, sealSteps }: HistorySecrets = nothingSecret,
): HistoryRecorder {
  const { attempt } = before;
  let { usage, sandbox, node } = before;
  const log = (event: Omit<Extract<NewEvent, { type: "log" }>, "type" | "node">): void => {
    writer.add({ type: "log", node, ...event });
  };
  return {
    enter: (next) => {
      if (next === node) return;
      node = next;
      writer.add({ type: "state", body: { status: "running", node, attempt } }, { node });
    },
    plan: (plan, steps) =>
      writer.add(
        { type: "plan", body: plan.view, steps: shownSteps(plan, steps, mask) },
        { plan, planSteps: sealSteps(steps) },
      ),
    step: ({ index, kind, status, exit_code, duration_ms }, plan) =>
      writer.add(
        { type: "step", body: { attempt, index, kind, status, exit_code, duration_ms } },
        plan === null ? {} : { plan },
      ),
    call: (call) => {
      usage = addCall(usage, call);
      writer.add({ type: "model", body: call }, { usage });
    },
    sandbox: (started) => {
      sandbox = started;
      writer.progress({ sandbox: started });
    },
    sandboxView: () => sandbox,
    line: (step, stream, text, continued) => log({ step, stream, text: toStorableText(text), continued }),
    system: (text, step = null) =>
      log({
        step,
        stream: "system",
        text: toStorableText(mask.text(text)).slice(0, 8_192),
        continued: false,
      }),
    usage: () => usage,
  };
}

/**
 * What readers of the Job are shown of a plan. Those of its caller are not kept once more: they are in the Job's row, and
 * sealed there, where it has secrets.
 */
function shownSteps({ view }: StoredPlan, steps: readonly Step[], mask: SecretMask): readonly Step[] | null {
  return view.source === "explicit" ? null : steps.map((step) => maskStep(step, mask));
}
