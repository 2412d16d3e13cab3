import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { z } from "zod";

/** Hears from the engine when containers end. */
export interface EndWatch extends Disposable {
  /** When the next that fits was heard to have ended, by performance.now(); rejects after half a minute. */
  next(fits: (name: string, id: string) => boolean): Promise<number>;
}

const boundMs = 30_000;
const dieEvent = z.object({
  Actor: z.object({ ID: z.string(), Attributes: z.object({ name: z.string() }) }),
});

export async function watchEnds(docker: Dockerode): Promise<EndWatch> {
  const events = await docker.getEvents({ filters: { type: ["container"], event: ["die"] } });
  const listeners = new Set<(name: string, id: string) => void>();
  const stream = events instanceof Readable ? events : new Readable().wrap(events);
  createInterface(stream).on("line", (line) => {
    const { ID, Attributes } = dieEvent.parse(JSON.parse(line)).Actor;
    for (const listener of listeners) listener(Attributes.name, ID);
  });
  return {
    next: (fits) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const timer = setTimeout(() => reject(new Error("no container was heard to end")), boundMs);
      const listener = (name: string, id: string) => {
        if (!fits(name, id)) return;
        listeners.delete(listener);
        clearTimeout(timer);
        resolve(performance.now());
      };
      listeners.add(listener);
      // Who asked may have failed meanwhile, and wait for it no more.
      promise.catch(() => undefined);
      return promise;
    },
    [Symbol.dispose]: () => void stream.destroy(),
  };
}
