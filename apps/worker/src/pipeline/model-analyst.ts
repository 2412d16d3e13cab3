import type { JobRequest } from "@longshore/shared/contracts/schedule-request";
import type { Usage } from "@longshore/shared/contracts/usage";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { AnalysisRequest, TurnEvidence } from "../models/analysis-request.ts";
import { describeReason, type ModelGateway } from "../models/create-model-gateway.ts";
import type { Analyst, WorkspaceFiles } from "./analyst.ts";
import type { HistoryRecorder } from "./history-recorder.ts";
import type { Plan } from "./plan-tracker.ts";
import type { ResumeMemory } from "./resume-memory.ts";

export interface ModelAnalystDeps {
  readonly gateway: Pick<ModelGateway, "plan">;
  readonly request: JobRequest;
  readonly prompt: string;
  readonly recorder: Pick<HistoryRecorder, "call" | "system" | "usage">;
  readonly memory: ResumeMemory;
}

/** Asks a model: up to `max_turns` times in an Attempt, each time with all that happened before. */
export function createModelAnalyst(deps: ModelAnalystDeps): Analyst {
  const { request, memory } = deps;
  return {
    givenPlan: null,
    absent: null,
    plan: async (files, signal) =>
      (await ask(deps, files, signal)) ?? fail(noPlan(request.max_turns, memory.state().history)),
    repair: (evidence, files, signal) => {
      const { history, repairing } = memory.state();
      if (!repairing) {
        const steps = evidence.map((step) => ({ ...step }));
        memory.change({ repairing: true, history: [...history, { type: "step_failed", steps }] });
      }
      return ask(deps, files, signal);
    },
  };
}

/** Null where no turn is left. A turn counts once it was answered: one that a worker did not live to see is asked again. */
async function ask(
  { gateway, request, prompt, recorder, memory }: ModelAnalystDeps,
  files: WorkspaceFiles,
  signal: AbortSignal,
): Promise<Result<Plan, JobFailure> | null> {
  const { network, limits, max_turns: maxTurns } = request;
  while (memory.state().turn < maxTurns && !signal.aborted) {
    const { history } = memory.state();
    const turn = memory.state().turn + 1;
    const analysis: AnalysisRequest = { prompt, turn, maxTurns, network, limits, files, history };
    const tokensLeft = limits.max_tokens - spent(recorder.usage());
    const answer = await gateway.plan({ analysis, tokensLeft, onCall: recorder.call }, signal);
    switch (answer.type) {
      case "plan": {
        const { promptVersion, steps } = answer;
        return succeed({ source: "model", turns: turn, promptVersion, steps });
      }
      case "invalid": {
        const reasons = [...answer.reasons];
        memory.change({ turn, history: [...history, { type: "invalid_answer", reasons }] });
        recorder.system(
          `turn ${String(turn)} of ${String(maxTurns)} gave no valid plan: ${reasons.join("; ")}`,
        );
        break;
      }
      case "unavailable": {
        const message = `no model provider answered: ${answer.reasons.map(describeReason).join("; ")}`;
        return fail({ code: "model_unavailable", message, step: null });
      }
      case "budget_exceeded":
        return fail({ code: "budget_exceeded", message: overBudget(limits.max_tokens), step: null });
      case "stopped":
        return null;
    }
  }
  return null;
}

function spent({ input_tokens, output_tokens }: Usage): number {
  return input_tokens + output_tokens;
}

function overBudget(maxTokens: number): string {
  return `the job has used up its limits.max_tokens of ${String(maxTokens)}; raise it or ask for less`;
}

function noPlan(maxTurns: number, history: readonly TurnEvidence[]): JobFailure {
  const last = history.at(-1);
  const reasons = last?.type === "invalid_answer" ? `: ${last.reasons.join("; ")}` : "";
  const message = `the providers answered, but gave no valid plan in ${String(maxTurns)} turns${reasons}`;
  return { code: "analysis_failed", message, step: null };
}
