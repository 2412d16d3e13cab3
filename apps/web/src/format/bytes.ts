const units = ["kB", "MB", "GB", "TB"] as const;

const mebibyte = 1_048_576;
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A size beside a limit that is set in MiB: 0.5 MiB, 1,024 MiB. What is there is never told as nothing. */
export function formatMebibytes(bytes: number): string {
  return `${bytes > 0 && bytes < mebibyte / 10 ? "< 0.1" : tenths.format(bytes / mebibyte)} MiB`;
}

/** A size as people say it, by thousands: 512 B, 1.2 kB, 34 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${String(bytes)} B`;
  let [value, unit] = [bytes / 1_000, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1_000, unit + 1];
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? ""}`;
}
