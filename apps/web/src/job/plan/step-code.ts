import type { JobPlan } from "@longshore/client";
import { parseJson } from "../../outputs/parse-json.ts";

type Step = NonNullable<JobPlan["steps"]>[number];

/** What a step runs or writes, as text. */
export interface StepCode {
  readonly text: string;
  /** As `code/languages.ts` has it. */
  readonly language: string | null;
  /** The file that is written; null where a program is run. */
  readonly path: string | null;
}

/** The code of a step as a caller, a model or the archive's plan tells it. */
export function toStepCode(step: Step): StepCode {
  switch (step.kind) {
    case "shell":
      return { text: step.command, language: "bash", path: null };
    case "python":
      return { text: step.code, language: "python", path: null };
    case "write_file":
      return {
        text: step.encoding === "base64" ? "(bytes that are no text)" : step.content,
        language: null,
        path: step.path,
      };
  }
}

/** The steps of an archive's plan.json; null where the text is none. What a job left is not believed. */
export function readPlanFile(text: string): readonly StepCode[] | null {
  const plan = parseJson(text);
  if (typeof plan !== "object" || plan === null || !("steps" in plan) || !Array.isArray(plan.steps))
    return null;
  const steps: readonly unknown[] = plan.steps;
  return steps.map(readStep);
}

function readStep(step: unknown): StepCode {
  const part = (name: string): string | null => {
    if (typeof step !== "object" || step === null) return null;
    const value: unknown = Object.entries(step).find(([key]) => key === name)?.[1];
    return typeof value === "string" ? value : null;
  };
  const [kind, path] = [part("kind"), part("path")];
  if (kind === "shell") return { text: part("command") ?? "", language: "bash", path: null };
  if (kind === "python") return { text: part("code") ?? "", language: "python", path: null };
  const isText = part("encoding") !== "base64";
  return { text: isText ? (part("content") ?? "") : "(bytes that are no text)", language: null, path };
}
