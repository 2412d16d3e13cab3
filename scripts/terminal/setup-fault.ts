/** Why the set-up cannot go on, and what the person in front of it can do about it. */
export interface SetupFault {
  readonly what: string;
  readonly advice: string;
}

/** The one message that a failed command ends with. */
export function describeFault({ what, advice }: SetupFault): string {
  return `\n✗ ${what.trimEnd()}\n  ${advice.replaceAll("\n", "\n  ")}\n`;
}
