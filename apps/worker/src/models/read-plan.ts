import { modelPlan } from "@longshore/shared/contracts/plan";
import type { Step } from "@longshore/shared/contracts/step";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { findJson } from "./find-json.ts";
import { planFaults } from "./plan-faults.ts";

/** Reads a model's text as a plan: tolerant of what stands around the JSON, strict about the plan. Failures are sentences to ask again with. */
export function readPlan(text: string): Result<readonly Step[], readonly string[]> {
  const found = findJson(text, (value) => isPlanLike(value));
  if (found === undefined) {
    return fail([
      /[{[]/.test(text)
        ? "the answer is not complete JSON: it is cut off, or a bracket, quote or escape is wrong"
        : "the answer holds no JSON",
    ]);
  }
  const read = modelPlan.safeParse(normalise(found));
  return read.success ? succeed(read.data.steps) : fail(planFaults(read.error.issues));
}

function isPlanLike(value: unknown): boolean {
  if (Array.isArray(value)) return isRecord(value[0]) && "kind" in value[0];
  return isRecord(value) && "steps" in value;
}

/** A bare array is taken as the steps, and a member that is null as left out: the strict schema has no other way to say so. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return { steps: value.map(dropNulls) };
  if (!isRecord(value) || !Array.isArray(value["steps"])) return value;
  return { ...value, steps: value["steps"].map(dropNulls) };
}

function dropNulls(step: unknown): unknown {
  return isRecord(step)
    ? Object.fromEntries(Object.entries(step).filter(([, member]) => member !== null))
    : step;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
