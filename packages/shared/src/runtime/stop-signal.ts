import type { Logger } from "./logger.ts";

/**
 * Resolves when this process is asked to stop: by SIGTERM, SIGINT or SIGHUP, or because the supervisor that started
 * it over an IPC channel is gone (also by kill -9).
 */
export function whenAskedToStop(logger: Logger): Promise<string> {
  return new Promise((resolve) => {
    const stop = (reason: string) => {
      logger.info({ reason }, "stopping");
      resolve(reason);
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
    if (process.connected) process.on("disconnect", () => stop("the supervisor is gone"));
  });
}
