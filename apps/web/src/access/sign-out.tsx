import { queryClient } from "../service/query-client.ts";
import { ActionButton } from "../widgets/action-button.tsx";
import { forgetKey } from "./key-store.ts";
import { useAccess } from "./use-access.ts";

/** Forgets the key, where there is one. */
export function SignOut() {
  const { key, state } = useAccess();
  if (key === null || state !== "unknown") return null;
  return (
    <ActionButton
      tone="quiet"
      onPress={() => {
        queryClient.clear();
        forgetKey();
      }}
    >
      Forget key
    </ActionButton>
  );
}
