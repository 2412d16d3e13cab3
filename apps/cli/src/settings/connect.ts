import { type Client, createClient } from "@longshore/client";
import type { Settings } from "./read-settings.ts";

export interface LineWatch {
  /** The service was not reached; the client tries again. */
  readonly onLost: () => void;
  /** It answered. */
  readonly onAnswer: () => void;
}

/** A restart of the service takes less; whoever waits for a job can wait for that, too. */
const patienceMs = 3 * 60_000;

/** The client of the service that the settings name. */
export function connect({ url, apiKey }: Settings, watch?: LineWatch): Client {
  const watched: typeof fetch = async (input, init) => {
    try {
      const response = await fetch(input, init);
      watch?.onAnswer();
      return response;
    } catch (error) {
      // Whoever broke it off knows.
      if (init?.signal?.aborted !== true) watch?.onLost();
      throw error;
    }
  };
  return createClient({ url, apiKey: apiKey ?? undefined, patienceMs, fetch: watched });
}
