/** The line that an address points to: `#L123`, counted from 1; null where it points to none. */
export function readLineAnchor(hash: string): number | null {
  const digits = /^#L(\d{1,9})$/.exec(hash)?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/** The address of a line of the log that is shown. */
export function lineAddress(line: number): string {
  const here = new URL(location.href);
  here.hash = `L${String(line)}`;
  return here.href;
}
