import { type FormEvent, useState } from "react";
import { queryClient } from "../service/query-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { PageTitle } from "../widgets/page-title.tsx";
import { TextInput } from "../widgets/text-input.tsx";
import { giveKey } from "./key-store.ts";

/** Asks for an API key. Whether it is a good one, the service says to the next request. */
export function KeyForm({ wasRefused }: { readonly wasRefused: boolean }) {
  const [key, setKey] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() === "") return;
    // Nothing of what another key has shown is to stay.
    queryClient.clear();
    giveKey(key.trim());
  };
  const error = wasRefused ? "The service does not take this key: it is unknown, revoked or expired." : null;
  return (
    <form className="panel" onSubmit={submit}>
      <PageTitle title="An API key, please" />
      <p>
        This service shows jobs to whoever holds a key. It is kept in this tab alone, until it is closed. On
        the service’s machine, <code>npm run keys -- create --name me</code> makes one.
      </p>
      <TextInput label="API key" value={key} onChange={setKey} error={error} type="password" autoFocus />
      <ActionButton type="submit" tone="main">
        Go on
      </ActionButton>
    </form>
  );
}
