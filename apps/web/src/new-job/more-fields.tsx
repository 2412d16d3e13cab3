import { useState } from "react";
import { TextInput } from "../widgets/text-input.tsx";
import type { Draft } from "./draft.ts";
import type { FieldErrors } from "./field-errors.ts";
import { limitFields, tryFields } from "./limit-fields.ts";
import { PairsField } from "./pairs-field.tsx";

interface MoreFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly errors: FieldErrors;
}

const pairFields = [
  { field: "env", pointer: "/env", title: "Environment", one: "variable", hint: "Of every step." },
  {
    field: "secrets",
    pointer: "/secrets",
    title: "Secrets",
    one: "secret",
    hint: "Environment, too: kept encrypted, shown nowhere, wiped when the job ends.",
    isSecret: true,
  },
  {
    field: "labels",
    pointer: "/metadata",
    title: "Labels",
    one: "label",
    hint: "By which you find the job again.",
  },
] as const;

const places = [
  "/limits",
  ...tryFields.map(({ name }) => `/${name}`),
  ...pairFields.map(({ pointer }) => pointer),
];

/** Limits, environment, secrets and labels: folded, until they are asked for or something in them is wrong. */
export function MoreFields({ draft, onChange, errors }: MoreFieldsProps) {
  const [isWanted, setWanted] = useState(draft.secrets.length > 0);
  const isWrong = places.some((at) => errors.at(at) !== null);
  return (
    <details
      className="more-fields"
      open={isWanted || isWrong}
      onToggle={(event) => setWanted(event.currentTarget.open)}
    >
      <summary>Limits, environment, secrets, labels</summary>
      <fieldset>
        <legend>Limits</legend>
        <div className="limit-fields">
          {limitFields.map(({ name, label, usual }) => (
            <TextInput
              key={name}
              label={label}
              value={draft.limits[name]}
              placeholder={String(usual)}
              onChange={(value) => onChange({ limits: { ...draft.limits, [name]: value } })}
              error={errors.at(`/limits/${name}`)}
            />
          ))}
          {tryFields.map(({ name, label, usual }) => (
            <TextInput
              key={name}
              label={label}
              value={draft.tries[name]}
              placeholder={String(usual)}
              onChange={(value) => onChange({ tries: { ...draft.tries, [name]: value } })}
              error={errors.at(`/${name}`)}
            />
          ))}
        </div>
      </fieldset>
      {pairFields.map(({ field, pointer, ...texts }) => (
        <PairsField
          key={field}
          {...texts}
          pairs={draft[field]}
          onChange={(pairs) => onChange({ [field]: pairs })}
          error={errors.at(pointer)}
        />
      ))}
    </details>
  );
}
