import { redactApiKeys } from "../domain/api-key.ts";
import { type DestinationStream, type Logger, pino } from "pino";
import { createSecretMask } from "../domain/secret-mask.ts";

export type { Logger } from "pino";

/**
 * A logger of one part of the service: JSON lines on stdout, one event a line. What is one of `secrets` reads ***, however
 * deep in an error it stood: clients and providers quote addresses with passwords, and keys.
 */
export function createLogger(
  part: string,
  level: string,
  destination?: DestinationStream,
  secrets: readonly string[] = [],
): Logger {
  const mask = createSecretMask(secrets);
  const options = {
    level,
    base: { part },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Callers put their keys into paths and names, too: wherever one stands in a line, its secret does not go out.
    hooks: { streamWrite: (line: string) => redactApiKeys(mask.text(toVisibleLine(line))) },
    // Defence in depth: nothing is meant to log these.
    redact: ["*.authorization", "*.apiKey", "*.headers", "authorization", "apiKey", "headers"],
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

// Control and format characters, and what some viewers take for a line's end: a path, an id or an engine's message can
// hold them, and must neither forge a line nor move the cursor of whoever reads the log.
const invisible = /(?!\n$)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A line of JSON in which each of these is written as \uXXXX; they occur in its strings alone. */
function toVisibleLine(line: string): string {
  return line.replaceAll(invisible, (character) =>
    Array.from({ length: character.length }, (_, at) => toEscape(character.charCodeAt(at))).join(""),
  );
}

function toEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
