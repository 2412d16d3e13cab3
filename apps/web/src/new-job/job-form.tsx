import { type FormEvent, type KeyboardEvent, useState } from "react";
import { ActionButton } from "../widgets/action-button.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import type { Draft } from "./draft.ts";
import { ExampleButtons } from "./example-buttons.tsx";
import { toFieldErrors } from "./field-errors.ts";
import { FileField } from "./file-field.tsx";
import { MoreFields } from "./more-fields.tsx";
import { NetworkField } from "./network-field.tsx";
import { Preview } from "./preview.tsx";
import { Refusal } from "./refusal.tsx";
import { StepsField } from "./steps-field.tsx";
import { useFocusOnRefusal } from "./use-focus-on-refusal.ts";
import { useHandIn } from "./use-hand-in.ts";

/** All that can be said of a job, the rare things folded away; Ctrl+Enter runs it. */
export function JobForm({ initial }: { readonly initial: Draft }) {
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { begin: handIn, error, isPending } = useHandIn(draft);
  const errors = toFieldErrors(error);
  const form = useFocusOnRefusal(error);
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    handIn();
  };
  return (
    <form ref={form} className="job-form" onSubmit={submit} onKeyDown={onFormKey(submit)} noValidate>
      {error === null ? null : (
        <div tabIndex={-1} data-refusal>
          <Refusal error={error} />
        </div>
      )}
      <TextInput
        label={draft.steps === null ? "What is to be done" : "What it is about"}
        hint="Plain language is planned by a model; fenced blocks (```sh, ```python) run as they are, without one."
        value={draft.prompt}
        onChange={(prompt) => change({ prompt })}
        error={errors.at("/prompt")}
        rows={draft.steps === null ? 10 : 2}
        autoFocus
      />
      {draft.steps === null ? <ExampleButtons onChoose={(prompt) => change({ prompt })} /> : null}
      <StepsField steps={draft.steps} onChange={(steps) => change({ steps })} errors={errors} />
      <FileField files={draft.files} onChange={(files) => change({ files })} error={errors.at("/files")} />
      <NetworkField draft={draft} onChange={change} error={errors.at("/network")} />
      <MoreFields draft={draft} onChange={change} errors={errors} />
      <div className="job-form-end">
        <ActionButton type="submit" tone="main" isDisabled={isPending}>
          {isPending ? "Handing it in …" : "Run"}
        </ActionButton>
        <span className="muted">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
      </div>
      <Preview draft={draft} />
    </form>
  );
}

/** Ctrl+Enter hands the form in, and Escape leaves the field: the keys are for the page again. */
function onFormKey(submit: (event: KeyboardEvent) => void) {
  return (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
  };
}
