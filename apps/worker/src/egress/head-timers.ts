import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Bounds how long programs may take to ask, as a server that does not listen has no time-outs of its own. */
export interface HeadTimers {
  /** A whole head is to come on it within the time, or it is closed. */
  expect(client: Duplex): void;
  /** It has come. */
  end(client: Duplex): void;
  /** A request has come. False, and the connection is closed, where the one before it has no answer yet. */
  begin(client: Duplex, response: ServerResponse): boolean;
}

/** A head has `headMs` from when it is expected. */
export function createHeadTimers(headMs: number): HeadTimers {
  const timers = new WeakMap<Duplex, NodeJS.Timeout>();
  // Whoever asks on and on without waiting could fill the memory with questions.
  const busy = new WeakSet<Duplex>();

  function end(client: Duplex): void {
    clearTimeout(timers.get(client));
  }

  function expect(client: Duplex): void {
    end(client);
    if (client.destroyed) return;
    if (!timers.has(client)) client.once("close", () => end(client));
    timers.set(
      client,
      setTimeout(() => client.destroy(), headMs),
    );
  }

  return {
    expect,
    end,
    begin(client, response) {
      end(client);
      if (busy.has(client)) {
        client.destroy();
        return false;
      }
      busy.add(client);
      response.once("finish", () => {
        busy.delete(client);
        expect(client);
      });
      return true;
    },
  };
}
