import type { Turn } from "../history/job-history.ts";
import type { TurnCode } from "./use-turn-code.ts";

/** A turn's plan as text, a paragraph a step: how it went, and its code where that is known. */
export function planText(turn: Turn, code: TurnCode): string {
  return turn.steps
    .map((step) => {
      const went = step.status === "failed" ? `failed, ${exitOf(step.exitCode)}` : step.status;
      const head = `${String(step.index)}. ${step.kind}${step.name === null ? "" : ` “${step.name}”`}: ${went}`;
      const own = code.state === "known" ? (code.steps[step.index - 1]?.text ?? "") : "";
      return own === "" ? head : `${head}\n${indented(own)}`;
    })
    .join("\n");
}

const exitOf = (exitCode: number | null) => (exitCode === null ? "killed" : `exit code ${String(exitCode)}`);

const indented = (text: string) =>
  text
    .split("\n")
    .map((line) => `   ${line}`)
    .join("\n");
