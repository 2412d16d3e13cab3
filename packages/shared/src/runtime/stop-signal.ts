import type { Logger } from "./logger.ts";

/** The requests to stop that this process gets, each of which is logged. */
export interface StopRequests {
  /** Resolves with the first one's reason. */
  readonly asked: Promise<string>;
  /** Resolves with the second one's reason: whoever asks again does not want to wait. */
  readonly askedAgain: Promise<string>;
  /** Stops this process from the inside. */
  ask(reason: string): void;
}

/**
 * Listens for whoever asks this process to stop: by SIGTERM, SIGINT or SIGHUP, or because the supervisor that started
 * it over an IPC channel is gone (also by kill -9). A supervisor that is gone counts as asking twice.
 */
export function listenForStop(logger: Logger): StopRequests {
  const { promise: asked, resolve: first } = Promise.withResolvers<string>();
  const { promise: askedAgain, resolve: second } = Promise.withResolvers<string>();
  let requests = 0;
  const ask = (reason: string) => {
    requests += 1;
    logger.info({ reason }, requests === 1 ? "stopping" : "asked to stop again");
    if (requests === 1) first(reason);
    else second(reason);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => ask(signal));
  if (process.connected) {
    process.on("disconnect", () => {
      if (requests === 0) ask("the supervisor is gone");
      second("the supervisor is gone");
    });
  }
  return { asked, askedAgain, ask };
}
