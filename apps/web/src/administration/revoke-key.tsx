import { type Key, ProblemError } from "@longshore/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemNotice } from "../service/problem-notice.tsx";
import { useClient } from "../service/use-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { Notice } from "../widgets/notice.tsx";
import { Window } from "../widgets/window.tsx";

/** Revokes a key, once it was asked for twice; the last one of a tenant's admins once more. */
export function RevokeKey({ shown, isOwn }: { readonly shown: Key; readonly isOwn: boolean }) {
  const client = useClient();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (evenLastAdmin: boolean) => client.revokeKey(shown.id, { evenLastAdmin }),
    onSuccess: () => setAsking(false),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["keys"] }),
        queries.invalidateQueries({ queryKey: ["tenants"] }),
      ]),
  });
  const isLast = error instanceof ProblemError && error.code === "last_admin_key";
  const open = (isOpen: boolean) => {
    reset();
    setAsking(isOpen);
  };
  return (
    <>
      <ActionButton tone="danger" aria-label={`Revoke ${shown.prefix}`} onPress={() => open(true)}>
        Revoke
      </ActionButton>
      <Window title={`Revoke ${shown.prefix}?`} isOpen={isAsking} onOpenChange={open}>
        <p>
          “{shown.name}” of {shown.tenant}. The next request with it is refused; its jobs go on. It cannot be
          undone.
        </p>
        {isOwn ? <p>It is the one that this page uses: it will ask for another.</p> : null}
        {error === null || isLast ? null : <ProblemNotice what="It is not revoked" error={error} />}
        {isLast ? (
          <Notice tone="warn" title="It is the last key of its tenant with the scope admin">
            <p>Without it nobody of the tenant can make or revoke keys.</p>
          </Notice>
        ) : null}
        <ActionButton tone="danger" isDisabled={isPending} onPress={() => mutate(isLast)}>
          {isLast ? "Revoke it all the same" : "Revoke the key"}
        </ActionButton>{" "}
        <ActionButton onPress={() => open(false)}>Keep it</ActionButton>
      </Window>
    </>
  );
}
