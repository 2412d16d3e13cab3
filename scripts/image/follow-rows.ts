import type { Engine } from "../engine/find-engine.ts";

interface ProgressRow {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/**
 * Follows a build, pull or import to its end. Gives null, or the error that the engine told: it comes as a row of the
 * stream, and the stream itself then ends as if all were well. Throws when the connection breaks.
 */
export function followRows(
  engine: Engine,
  stream: NodeJS.ReadableStream,
  onText: (text: string) => void,
): Promise<string | null> {
  let failure: string | null = null;
  const see = (row: ProgressRow) => {
    failure ??= row.error ?? null;
    const text = row.stream ?? row.status ?? "";
    if (text.trim() !== "") onText(text);
  };
  return new Promise((resolve, reject) => {
    const end = (error: Error | null) => (error === null ? resolve(failure) : reject(error));
    engine.docker.modem.followProgress(stream, end, see);
  });
}
