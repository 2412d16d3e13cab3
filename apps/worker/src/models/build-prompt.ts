import type { AnalysisRequest, StepEvidence, TurnEvidence } from "./analysis-request.ts";
import { dataBlock, headOf, tailOf } from "./data-block.ts";
import type { Prompts } from "./load-prompts.ts";
import type { ModelPrompt } from "./model-provider.ts";
import { planSchema } from "./plan-schema.ts";

const mostTailBytes = 8 * 1024;
const mostSourceCharacters = 2_000;
const mostReasons = 40;
const mostReasonCharacters = 500;
const mostFileCharacters = 8_000;
/** Of all evidence together; the newest turns are kept. About 16,000 tokens. */
const mostHistoryCharacters = 64 * 1024;

/** What a provider is asked in this turn. Bounded: the task's own text (100,000 characters) is the largest part. */
export function buildPrompt(prompts: Prompts, request: AnalysisRequest): ModelPrompt {
  const facts = {
    prompt: dataBlock("prompt", request.prompt),
    network: describeNetwork(request.network),
    limits: describeLimits(request.limits),
    files: describeFiles(request.files),
  };
  const user =
    request.history.length === 0
      ? prompts.first(facts)
      : prompts.repair({
          ...facts,
          turn: String(request.turn),
          max_turns: String(request.maxTurns),
          history: describeHistory(request.history),
        });
  return {
    system: prompts.system({ schema: JSON.stringify(planSchema, null, 1) }),
    user,
    schema: planSchema,
  };
}

function describeNetwork(network: AnalysisRequest["network"]): string {
  if (network === "none") return "none; nothing outside the sandbox can be reached.";
  if (network === "full") return "full.";
  return `only these hosts can be reached:\n${dataBlock("hosts", network.allow.join("\n"))}`;
}

function describeLimits(limits: AnalysisRequest["limits"]): string {
  return [
    `${String(limits.timeout_seconds)} s for the whole job`,
    `${String(limits.cpus)} CPU`,
    `${String(limits.memory_mb)} MB of memory`,
    `${String(limits.disk_mb)} MB in /workspace`,
    `${String(limits.output_mb)} MB of results`,
    `${String(limits.pids)} processes`,
    `${String(limits.log_mb)} MB of printed output`,
  ].join(", ");
}

function describeFiles(files: AnalysisRequest["files"]): string {
  if (files.length === 0) return "none";
  const list = files.map(({ path, bytes }) => `${JSON.stringify(path)} (${String(bytes)} bytes)`).join("\n");
  return `\n${dataBlock("files", headOf(list, mostFileCharacters))}`;
}

function describeHistory(history: readonly TurnEvidence[]): string {
  const kept: string[] = [];
  let room = mostHistoryCharacters;
  for (const evidence of history.toReversed()) {
    const text = describeEvidence(evidence, room);
    if (text.length > room) break;
    room -= text.length;
    kept.unshift(text);
  }
  const left = history.length - kept.length;
  return [...(left === 0 ? [] : [`(${String(left)} earlier turns are left out.)`]), ...kept].join("\n\n");
}

function describeEvidence(evidence: TurnEvidence, room: number): string {
  if (evidence.type === "invalid_answer") {
    const reasons = evidence.reasons
      .slice(0, mostReasons)
      .map((reason) => `- ${headOf(reason, mostReasonCharacters)}`);
    return `An answer was no valid plan:\n${dataBlock("faults", reasons.join("\n"))}`;
  }
  // The last steps tell most: the one that failed is among them.
  const shown: string[] = [];
  let used = 0;
  for (const step of evidence.steps.toReversed()) {
    const text = describeStep(step);
    if (used + text.length > room - 200) break;
    used += text.length;
    shown.unshift(text);
  }
  const left = evidence.steps.length - shown.length;
  const note = left === 0 ? "" : ` (the first ${String(left)} are left out)`;
  return [`A plan was run and failed. Its steps${note}:`, ...shown].join("\n\n");
}

function describeStep({ index, kind, name, status, exit_code, source, outputTail }: StepEvidence): string {
  const title = name === null ? "" : ` ${JSON.stringify(name)}`;
  const exit = exit_code === null ? "" : `, exit code ${String(exit_code)}`;
  const lines = [`Step ${String(index)}${title}, ${kind}: ${status}${exit}`];
  lines.push(dataBlock("source", headOf(source, mostSourceCharacters)));
  if (outputTail !== "") lines.push(dataBlock("output", tailOf(outputTail, mostTailBytes)));
  return lines.join("\n");
}
