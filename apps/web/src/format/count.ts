const whole = new Intl.NumberFormat("en");

/** So many of something: 1 line, 1,200 lines. */
export function formatCount(count: number, one: string): string {
  return `${whole.format(count)} ${one}${count === 1 ? "" : "s"}`;
}
