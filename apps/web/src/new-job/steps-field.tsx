import { ActionButton } from "../widgets/action-button.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import type { Step } from "./draft.ts";
import type { FieldErrors } from "./field-errors.ts";

interface StepsFieldProps {
  /** Null where a prompt is to be planned instead. */
  readonly steps: readonly Step[] | null;
  readonly onChange: (steps: readonly Step[] | null) => void;
  readonly errors: FieldErrors;
}

const newSteps = {
  shell: { kind: "shell", command: "" },
  python: { kind: "python", code: "" },
} as const;

/** An explicit plan, for who knows what is to be run. */
export function StepsField({ steps, onChange, errors }: StepsFieldProps) {
  const given = steps ?? [];
  const add = (kind: keyof typeof newSteps) => onChange([...given, newSteps[kind]]);
  return (
    <div className="steps-field">
      {given.map((step, at) => (
        <div className="step-row" key={at}>
          <TextInput
            label={nameOf(step, at)}
            value={textOf(step)}
            rows={Math.min(12, textOf(step).split("\n").length + 1)}
            error={errors.at(`/steps/${String(at)}`)}
            onChange={(text) =>
              onChange(given.map((each, index) => (index === at ? withText(each, text) : each)))
            }
          />
          <ActionButton
            tone="quiet"
            aria-label={`Leave out step ${String(at + 1)}`}
            onPress={() => onChange(given.length === 1 ? null : given.filter((_, index) => index !== at))}
          >
            <span aria-hidden="true">✕</span>
          </ActionButton>
        </div>
      ))}
      <div className="examples">
        <span className="muted">{steps === null ? "Or say each step:" : "One more step:"}</span>
        <ActionButton onPress={() => add("shell")}>Shell</ActionButton>
        <ActionButton onPress={() => add("python")}>Python</ActionButton>
      </div>
    </div>
  );
}

function nameOf(step: Step, at: number): string {
  const kind = step.kind === "write_file" ? `file ${step.path}` : step.kind;
  return `Step ${String(at + 1)}, ${kind}${step.name === undefined ? "" : ` (${step.name})`}`;
}

function textOf(step: Step): string {
  if (step.kind === "shell") return step.command;
  return step.kind === "python" ? step.code : step.content;
}

function withText(step: Step, text: string): Step {
  if (step.kind === "shell") return { ...step, command: text };
  return step.kind === "python" ? { ...step, code: text } : { ...step, content: text };
}
