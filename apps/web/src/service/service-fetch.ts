import { noteRefusal } from "../access/key-store.ts";
import { noteAnswer, noteSilence } from "./connection.ts";

/** The browser's fetch; what it learns of the connection and of the key on the way, it tells. */
export function createServiceFetch(key: string | null): typeof fetch {
  return async (input, init) => {
    try {
      const response = await fetch(input, init);
      noteAnswer();
      if (response.status === 401) noteRefusal(key);
      return response;
    } catch (error) {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
      // Who no longer wants an answer has not found the service away.
      if (signal?.aborted !== true) noteSilence();
      throw error;
    }
  };
}
