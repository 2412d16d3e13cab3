import { readFile } from "node:fs/promises";
import { z } from "zod";
import { replaceFile } from "./replace-file.ts";
import type { RowResult } from "./row-result.ts";

const earlier = z.object({ rows: z.array(z.looseObject({ number: z.number() })) });

/**
 * Writes the results of a run, each row with how it was measured. Rows that the run did not measure stay as an earlier one
 * left them.
 */
export async function writeResults(file: string, results: readonly RowResult[]): Promise<void> {
  const measured = new Set(results.map(({ number }) => number));
  const kept = (await readEarlier(file)).filter(({ number }) => !measured.has(number));
  const rows = [...kept, ...results].toSorted((one, other) => one.number - other.number);
  await replaceFile(file, `${JSON.stringify({ rows }, roundNumbers, 2)}\n`);
}

async function readEarlier(file: string): Promise<readonly { readonly number: number }[]> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return [];
  return earlier.parse(JSON.parse(text)).rows;
}

/** More digits than these are noise. */
const digits = 4;

function roundNumbers(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(digits)) : value;
}
