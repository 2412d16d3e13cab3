/** Something that looks wrong: it is called so only when it looks the same a few seconds later. */
export interface Suspect {
  /** What it is, the same at each look. */
  readonly id: string;
  /** A few words on why it is wrong. */
  readonly what: string;
  /** Mends it, and says what was done; absent where only the service itself, or a person, can. */
  readonly mend?: () => Promise<string>;
}

/** What one look gave. */
export interface Look {
  /** What there is, in a few words and numbers. */
  readonly holds: string;
  /** At most `suspectLimit`; where there are so many, there may be more. */
  readonly suspects: readonly Suspect[];
}

/** One line of the ledger. */
export interface Check {
  readonly name: string;
  /** What mends it, as a command or a sentence. */
  readonly advice: string;
  readonly look: () => Promise<Look>;
}

/** So many wrong things of a kind are listed, and mended in one round, at most. */
export const suspectLimit = 1_000;

/** How many rows or files are asked for at once. */
export const pageSize = 500;

/** "3 archives", "1 archive". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time in seconds, for people. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
