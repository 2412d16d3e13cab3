import { type ReactNode } from "react";
import { KeyForm } from "./key-form.tsx";
import { useAccess } from "./use-access.ts";

/** Shows what is inside, or asks for a key where the service wants one. */
export function AccessGate({ children }: { readonly children: ReactNode }) {
  const { state } = useAccess();
  return state === "unknown" ? children : <KeyForm wasRefused={state === "refused"} />;
}
