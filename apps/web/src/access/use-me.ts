import type { Me } from "@longshore/client";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../service/use-client.ts";
import { useAccess } from "./use-access.ts";

/** Who the service takes the reader for. What a key may do never changes: it is asked once. */
export function useMe() {
  const client = useClient();
  const { key, state } = useAccess();
  return useQuery({
    // Another key is somebody else.
    queryKey: ["me", key],
    enabled: state === "unknown",
    queryFn: ({ signal }) => client.me({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * Whether the reader may do what needs this scope; null until that is known. Where it cannot be asked, the service says so
 * to whoever tries: each refusal is in its audit trail.
 */
export function useMay(scope: Me["scopes"][number]): boolean | null {
  const { data, isPending } = useMe();
  if (data === undefined) return isPending ? null : true;
  return data.scopes.includes(scope);
}
