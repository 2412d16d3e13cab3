import type { Tenant } from "@longshore/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toFieldErrors } from "../new-job/field-errors.ts";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import { Window } from "../widgets/window.tsx";
import { isLimitText, limitFields, limitTextRule, toLimitChanges, toLimitsDraft } from "./limits-draft.ts";

/** Changes a tenant's limits, in a window of its own. */
export function ChangeLimits({ tenant }: { readonly tenant: Tenant }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ActionButton aria-label={`Change limits of ${tenant.name}`} onPress={() => setOpen(true)}>
        Change limits
      </ActionButton>
      <Window title={`Limits of ${tenant.name}`} isOpen={isOpen} onOpenChange={setOpen}>
        <LimitsForm tenant={tenant} onDone={() => setOpen(false)} />
      </Window>
    </>
  );
}

function LimitsForm({ tenant, onDone }: { readonly tenant: Tenant; readonly onDone: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  // As they were when the window was opened: the list is asked for again meanwhile.
  const [before] = useState(() => toLimitsDraft(tenant.own_limits));
  const [draft, setDraft] = useState(before);
  const [wasSent, setSent] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => client.limitTenant(tenant.name, toLimitChanges(before, draft)),
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ["tenants"] }),
  });
  const errors = toFieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (isPending || !limitFields.every(({ name }) => isLimitText(draft[name]))) return;
    if (Object.keys(toLimitChanges(before, draft)).length === 0) onDone();
    else mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      {error === null || !errors.isEmpty ? null : (
        <ProblemNotice what="The limits are as before" error={error} />
      )}
      <p>
        Empty: as the service’s settings say. 0: without a bound. The next job that is submitted is held
        against them.
      </p>
      {limitFields.map(({ name, label }, index) => (
        <TextInput
          key={name}
          label={label}
          value={draft[name]}
          onChange={(text) => setDraft({ ...draft, [name]: text })}
          error={wasSent && !isLimitText(draft[name]) ? limitTextRule : errors.at(`/${name}`)}
          autoFocus={index === 0}
        />
      ))}
      <ActionButton type="submit" tone="main" isDisabled={isPending}>
        Set the limits
      </ActionButton>
    </form>
  );
}
