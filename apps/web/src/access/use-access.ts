import { useSyncExternalStore } from "react";
import { type Access, onAccess, readAccess } from "./key-store.ts";

/** What is known of the reader's access, as it changes. */
export function useAccess(): Access {
  return useSyncExternalStore(onAccess, readAccess);
}
