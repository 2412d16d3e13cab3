/** What numbered frames cost that were given to the worker's pipeline and are not on disk yet. */
export interface Unacknowledged {
  readonly add: (seq: number, bytes: number) => void;
  /** Frames up to `seq` are on disk. */
  readonly acknowledge: (seq: number) => void;
  readonly bytes: () => number;
}

export function createUnacknowledged(): Unacknowledged {
  let frames: { readonly seq: number; readonly bytes: number }[] = [];
  let total = 0;
  return {
    add(seq, bytes) {
      frames.push({ seq, bytes });
      total += bytes;
    },
    acknowledge(seq) {
      frames = frames.filter((frame) => frame.seq > seq);
      total = frames.reduce((sum, frame) => sum + frame.bytes, 0);
    },
    bytes: () => total,
  };
}
