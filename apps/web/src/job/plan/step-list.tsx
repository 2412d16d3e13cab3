import "./step-list.css";
import { CodeBlock } from "../../code/code-block.tsx";
import { languageOf } from "../../code/languages.ts";
import { formatDuration } from "../../format/duration.ts";
import { StatusBadge } from "../../widgets/status-badge.tsx";
import type { Turn, TurnStep } from "../history/job-history.ts";
import type { StepCode } from "./step-code.ts";
import type { TurnCode } from "./use-turn-code.ts";

interface StepListProps {
  readonly turn: Turn;
  readonly code: TurnCode;
  /** The step whose output is shown; null for all. */
  readonly shown: number | null;
  readonly onShow: (step: number | null) => void;
  readonly now: number;
}

/** The plan: its steps, and the code of the one that is looked at. */
export function StepList({ turn, code, shown, onShow, now }: StepListProps) {
  return (
    <ol className="step-list" aria-label="Steps">
      <li>
        <button
          type="button"
          className="step-head"
          aria-pressed={shown === null}
          onClick={() => onShow(null)}
        >
          <span className="step-name">All output</span>
        </button>
      </li>
      {turn.steps.map((step) => (
        <li key={step.index}>
          <button
            type="button"
            className="step-head"
            aria-pressed={shown === step.index}
            onClick={() => onShow(shown === step.index ? null : step.index)}
          >
            <span className="step-number">{step.index}</span>
            <span className="step-name">{step.name ?? step.kind}</span>
            <span className="step-numbers">{numbersOf(step, now)}</span>
            <StatusBadge status={step.status} />
          </button>
          {isOpen(step, shown) ? <StepBody step={step} code={code} /> : null}
        </li>
      ))}
    </ol>
  );
}

/** Of all steps the code of the one that runs stands beside what it prints. */
function isOpen({ index, status }: TurnStep, shown: number | null): boolean {
  return shown === null ? status === "running" : shown === index;
}

function numbersOf({ from, to, status, exitCode }: TurnStep, now: number): string {
  const took = from === null ? "" : formatDuration((to ?? now) - from);
  if (status !== "failed") return took;
  return `${exitCode === null ? "killed" : `exit ${String(exitCode)}`}${took === "" ? "" : ` · ${took}`}`;
}

function StepBody({ step, code }: { readonly step: TurnStep; readonly code: TurnCode }) {
  if (code.state === "unknown") return <p className="step-code muted">{code.why}</p>;
  const own: StepCode | undefined = code.steps[step.index - 1];
  if (own === undefined) return null;
  const language = own.path === null ? own.language : languageOf(own.path);
  return (
    <div className="step-code">
      {own.path === null ? null : <p className="muted">Writes {own.path}</p>}
      <CodeBlock text={own.text} language={language} label={`Code of step ${String(step.index)}`} />
    </div>
  );
}
