const spanUnits = [
  { unit: "d", ms: 86_400_000 },
  { unit: "h", ms: 3_600_000 },
  { unit: "min", ms: 60_000 },
  { unit: "s", ms: 1_000 },
] as const;

/** A span in ms, for people: `146 ms`, `3.8 s`, `2 min 5 s`, `3 h 2 min`, `4 d 1 h`. */
export function showSpan(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, ms).toFixed(0)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const at = spanUnits.findIndex((each) => ms >= each.ms);
  let rest = ms;
  return spanUnits
    .slice(at, at + 2)
    .map((each) => {
      const count = Math.floor(rest / each.ms);
      rest %= each.ms;
      return `${String(count)} ${each.unit}`;
    })
    .join(" ");
}

/** The largest unit alone, for lists. */
export function showAge(ms: number): string {
  const [count = "0", unit = "ms"] = showSpan(ms).split(" ");
  return unit === "ms" ? "now" : `${String(Math.floor(Number(count)))} ${unit}`;
}

/** A size in bytes, for people, in units of 1,000. */
export function showBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [rest, unit] = [bytes, 0];
  while (rest >= 1_000 && unit < units.length - 1) [rest, unit] = [rest / 1_000, unit + 1];
  return `${unit === 0 ? String(rest) : rest.toFixed(1)} ${units[unit] ?? ""}`;
}

/** `1 file`, `2 files`. */
export function showCount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
