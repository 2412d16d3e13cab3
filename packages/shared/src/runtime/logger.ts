import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger } from "pino";

/** A logger of one part of the service: JSON lines on stdout, one event a line. */
export function createLogger(part: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { part },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Defence in depth: nothing is meant to log these.
    redact: ["*.authorization", "*.apiKey", "*.headers", "authorization", "apiKey", "headers"],
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
