/**
 * The key is kept for as long as the tab is open: a reload goes on, a second tab can be somebody else's, and nothing stays
 * on the machine when it is closed. A script of another origin cannot read it, and the policy lets no foreign script in.
 */
const place = "longshore.key";

export interface Access {
  readonly key: string | null;
  /** `needed`: the service asked for a key. `refused`: it does not take the one that was given. */
  readonly state: "unknown" | "needed" | "refused";
}

let access: Access = { key: sessionStorage.getItem(place), state: "unknown" };
const listeners = new Set<() => void>();

function set(next: Access): void {
  access = next;
  for (const listener of listeners) listener();
}

/** What is known of the reader's access. */
export function readAccess(): Access {
  return access;
}

/** Calls the listener whenever that changes; gives what ends it. */
export function onAccess(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes on with this key. */
export function giveKey(key: string): void {
  sessionStorage.setItem(place, key);
  set({ key, state: "unknown" });
}

/** Forgets the key. */
export function forgetKey(): void {
  sessionStorage.removeItem(place);
  set({ key: null, state: "needed" });
}

/** To be told when the service answers 401 to a request that had this key. */
export function noteRefusal(key: string | null): void {
  if (key === access.key && access.state === "unknown")
    set({ key, state: key === null ? "needed" : "refused" });
}
