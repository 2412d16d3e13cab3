/** Escape sequences, controls, and what changes the direction of text or has no width. */
const unprintable =
  // eslint-disable-next-line no-control-regex -- controls are what it is about
  /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu;

/** Text of a stranger, fit for one line of a log or a message: the last `maxCharacters` of it, without what a terminal would act upon. */
export function printableText(text: string, maxCharacters: number): string {
  return text.toWellFormed().replace(unprintable, " ").trim().slice(-maxCharacters);
}

/** Keeps the last `maxBytes` of a stream. */
export function createTail(maxBytes: number): {
  readonly push: (piece: Buffer) => void;
  readonly text: () => string;
} {
  let held: Buffer = Buffer.alloc(0);
  return {
    push(piece) {
      held = Buffer.concat([held, piece.subarray(-maxBytes)]).subarray(-maxBytes);
    },
    text: () => printableText(held.toString("utf8"), maxBytes),
  };
}
