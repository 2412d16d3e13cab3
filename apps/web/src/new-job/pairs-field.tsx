import { ActionButton } from "../widgets/action-button.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import type { Pair } from "./draft.ts";

interface PairsFieldProps {
  readonly title: string;
  readonly hint: string;
  /** What one of them is called: "variable". */
  readonly one: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  readonly error: string | null;
  /** Whether values are hidden as they are typed. */
  readonly isSecret?: boolean;
}

/** Names with values. */
export function PairsField({ title, hint, one, pairs, onChange, error, isSecret = false }: PairsFieldProps) {
  const set = (at: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, index) => (index === at ? { ...pair, ...part } : pair)));
  return (
    <fieldset>
      <legend>{title}</legend>
      <p className="field-hint">{hint}</p>
      {pairs.map((pair, at) => (
        // The place is what a pair is known by: its name is being typed.
        <div className="pair" key={at}>
          <TextInput
            label={`Name of ${one} ${String(at + 1)}`}
            value={pair.name}
            onChange={(name) => set(at, { name })}
          />
          <TextInput
            label={`Value of ${one} ${String(at + 1)}`}
            value={pair.value}
            type={isSecret ? "password" : "text"}
            onChange={(value) => set(at, { value })}
          />
          <ActionButton
            tone="quiet"
            aria-label={`Leave out ${one} ${String(at + 1)}`}
            onPress={() => onChange(pairs.filter((_, index) => index !== at))}
          >
            <span aria-hidden="true">✕</span>
          </ActionButton>
        </div>
      ))}
      <ActionButton onPress={() => onChange([...pairs, { name: "", value: "" }])}>Add a {one}</ActionButton>
      <p className="field-error">{error}</p>
    </fieldset>
  );
}
