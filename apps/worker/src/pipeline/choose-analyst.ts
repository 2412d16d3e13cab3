import type { JobRequest } from "@longshore/shared/contracts/schedule-request";
import type { ModelGateway } from "../models/create-model-gateway.ts";
import { planLiterally } from "../models/literal-planner.ts";
import { type Analyst, createAbsentAnalyst, createFixedAnalyst } from "./analyst.ts";
import type { HistoryRecorder } from "./history-recorder.ts";
import type { ResumeMemory } from "./resume-memory.ts";
import { createModelAnalyst } from "./model-analyst.ts";

const unconfigured =
  "no model provider is configured, and the prompt holds no fenced code to run as it is: set PRIMARY_BASE_URL and " +
  "PRIMARY_MODEL (any OpenAI-compatible server), OPENAI_API_KEY, ALCHEMYST_API_KEY or GEMINI_API_KEY, or put the " +
  "code into ```sh or ```python blocks, or send steps";

/** Who plans this Job: the caller's Steps, else a model, else the fenced code of the prompt. */
export function chooseAnalyst(
  request: JobRequest,
  gateway: ModelGateway,
  recorder: Pick<HistoryRecorder, "call" | "system" | "usage">,
  memory: ResumeMemory,
): Analyst {
  if (request.steps !== undefined) return createFixedAnalyst("explicit", request.steps);
  const prompt = request.prompt ?? "";
  if (gateway.configured) return createModelAnalyst({ gateway, request, prompt, recorder, memory });
  const literal = planLiterally(prompt);
  if (!literal.ok)
    return createAbsentAnalyst({ code: "model_unconfigured", message: literal.failure, step: null });
  if (literal.value !== null) return createFixedAnalyst("literal", literal.value);
  return createAbsentAnalyst({ code: "model_unconfigured", message: unconfigured, step: null });
}
