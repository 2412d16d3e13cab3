import { type FormEvent, useState } from "react";
import { useMe } from "../access/use-me.ts";
import { toFieldErrors } from "../new-job/field-errors.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { ActionButton } from "../widgets/action-button.tsx";
import { Choice } from "../widgets/choice.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import { emptyKeyDraft, type KeyDraft, lastingChoices, scopeChoices } from "./key-draft.ts";

interface KeyDraftFormProps {
  /** What the service found wrong with the last that was sent. */
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onSubmit: (draft: KeyDraft) => void;
}

/** Describes a key. */
export function KeyDraftForm({ error, isPending, onSubmit }: KeyDraftFormProps) {
  const { data: me } = useMe();
  const [draft, setDraft] = useState(emptyKeyDraft);
  const change = (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part });
  const errors = toFieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit(draft);
  };
  return (
    <form onSubmit={submit}>
      {error === null || !errors.isEmpty ? null : <ProblemNotice what="No key was made" error={error} />}
      <TextInput
        label="Name"
        hint="What it is for."
        value={draft.name}
        onChange={(name) => change({ name })}
        error={errors.at("/name")}
        autoFocus
      />
      {me?.runs_service === true ? (
        <TextInput
          label="Tenant"
          hint="Yours, where it is left empty."
          value={draft.tenant}
          onChange={(tenant) => change({ tenant })}
          error={errors.at("/tenant")}
        />
      ) : null}
      <Scopes chosen={draft.scopes} onChange={(scopes) => change({ scopes })} error={errors.at("/scopes")} />
      <Choice
        label="Lasts"
        options={lastingChoices}
        value={draft.lasts}
        onChange={(lasts) => change({ lasts })}
        error={errors.at("/expires_at")}
      />
      <ActionButton type="submit" tone="main" isDisabled={isPending}>
        Make the key
      </ActionButton>
    </form>
  );
}

interface ScopesProps {
  readonly chosen: KeyDraft["scopes"];
  readonly onChange: (scopes: KeyDraft["scopes"]) => void;
  readonly error: string | null;
}

function Scopes({ chosen, onChange, error }: ScopesProps) {
  return (
    <fieldset className="key-scopes">
      <legend>May</legend>
      {scopeChoices.map(({ scope, name }) => (
        <label key={scope}>
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
            }
          />{" "}
          {name}
        </label>
      ))}
      {error === null ? null : <span className="field-error">{error}</span>}
    </fieldset>
  );
}
