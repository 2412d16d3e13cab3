import { readFileSync } from "node:fs";

/** A small file of the kernel's, or null where it cannot be read (gVisor lacks many). */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The numbers of "name value" lines, by name. */
export function readCounters(text: string): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, value] = line.split(" ");
    if (name !== undefined && value !== undefined) counters.set(name, Number(value));
  }
  return counters;
}
