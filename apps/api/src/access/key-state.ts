/** Whether the service has keys, and so asks for one. */
export interface KeyState {
  /** Rejects with the database's error where that is away and it is not known for sure: nothing is open meanwhile. */
  areConfigured(): Promise<boolean>;
  /** As `areConfigured`, but that there are none is looked up: whoever brings the first key must not be taken for local. */
  areConfiguredNow(): Promise<boolean>;
  /** What was last seen, however long ago; null before the first look. */
  lastSeen(): boolean | null;
}

export interface KeyStateDeps {
  readonly hasKeys: () => Promise<boolean>;
  /** A clock in ms. */
  readonly now?: () => number;
}

/** So long, in ms, a service that had no keys may still take callers without one after the first was made. */
const keptMs = 1_000;

/** That there are keys stays true, as their rows stay. That there are none is looked up again after a second. */
export function createKeyState({ hasKeys, now = () => performance.now() }: KeyStateDeps): KeyState {
  let seen: { readonly has: boolean; readonly at: number } | null = null;
  let looking: Promise<boolean> | null = null;
  const look = async (): Promise<boolean> => {
    // The time before the question: a key that is made while it is asked must not be overlooked for longer.
    const at = now();
    const has = await hasKeys();
    seen = { has: has || seen?.has === true, at };
    return seen.has;
  };
  return {
    lastSeen: () => seen?.has ?? null,
    areConfigured: async () => {
      if (seen !== null && (seen.has || now() - seen.at < keptMs)) return seen.has;
      looking ??= look().finally(() => (looking = null));
      return looking;
    },
    areConfiguredNow: async () => seen?.has === true || look(),
  };
}
