import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Window } from "../widgets/window.tsx";
import { KeyDraftForm } from "./key-draft-form.tsx";
import { type KeyDraft, toNewKey } from "./key-draft.ts";
import { MadeKey } from "./made-key.tsx";

/** Makes a key. Its secret is in the answer alone: it is shown until the reader says that they have it. */
export function NewKey() {
  const client = useClient();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { mutate, data, error, isPending, reset } = useMutation({
    mutationFn: (draft: KeyDraft) => client.createKey(toNewKey(draft, Date.now())),
    onSuccess: () => setOpen(false),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["keys"] }),
        queries.invalidateQueries({ queryKey: ["tenants"] }),
      ]),
    // Once nothing shows it, nothing holds it.
    gcTime: 0,
  });
  const open = (wanted: boolean) => {
    // A window that was closed says nothing any more; a key that was made stays until it is kept.
    if (data === undefined) reset();
    setOpen(wanted);
  };
  if (data !== undefined) return <MadeKey made={data} onKept={reset} />;
  return (
    <>
      <ActionButton onPress={() => open(true)}>New key</ActionButton>
      <Window title="New API key" isOpen={isOpen} onOpenChange={open}>
        <KeyDraftForm error={error} isPending={isPending} onSubmit={mutate} />
      </Window>
    </>
  );
}
