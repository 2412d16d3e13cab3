import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import type { RowOutcome } from "./report/row-result.ts";
import type { Row } from "./row.ts";
import type { ServiceShelf } from "./world/service-shelf.ts";

export interface RowRunner {
  readonly bench: Omit<Bench, "folder">;
  readonly shelf: ServiceShelf;
  readonly say: (line: string) => void;
}

/** Measures one row, with the services that it needs and no others. What fails is said in the outcome; a stop is thrown. */
export async function runRow(row: Row, { bench, shelf, say }: RowRunner): Promise<RowOutcome> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const folder = await mkdtemp(join(tmpdir(), "longshore-bench-row-"));
  say(`… ${String(row.number)}. ${row.what}`);
  try {
    await shelf.keep(row.services);
    const figures = await row.measure({ ...bench, folder });
    return { figures, failure: null, seconds: seconds() };
  } catch (error) {
    bench.stop.throwIfAborted();
    const failure = describe(error);
    say(`✗ ${failure}`);
    return { figures: [], failure, seconds: seconds() };
  } finally {
    await bench.engine.removeAll();
    await rm(folder, { recursive: true, force: true });
  }
}

/** With its causes: of a connection that broke, fetch says itself only that it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
