import { Choice } from "../widgets/choice.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import type { Draft } from "./draft.ts";

interface NetworkFieldProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly error: string | null;
}

const kinds = [
  { value: "none", name: "Nothing" },
  { value: "allow", name: "These hosts" },
  { value: "full", name: "Every public address" },
] as const;

/** What the job may reach. */
export function NetworkField({ draft, onChange, error }: NetworkFieldProps) {
  return (
    <div className="network-field">
      <Choice
        label="Network"
        options={kinds}
        value={draft.network}
        onChange={(network) => onChange({ network })}
        error={draft.network === "allow" ? null : error}
      />
      {draft.network === "allow" ? (
        <TextInput
          label="Hosts"
          hint="pypi.org, *.pythonhosted.org, example.com:8443"
          value={draft.hosts}
          onChange={(hosts) => onChange({ hosts })}
          error={error}
        />
      ) : null}
    </div>
  );
}
