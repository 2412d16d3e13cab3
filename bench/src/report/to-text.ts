/** A figure with as many digits as a person reads: 1,234; 56.7; 0.0312. */
export function toText(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
