import { longestLineBytes } from "@longshore/shared/domain/log-line";
import type { MaskState, PieceMask, SecretMask } from "@longshore/shared/domain/secret-mask";
import { z } from "zod";
import { toPlainText } from "./plain-text.ts";

/** A line, or a piece of one, of a Step's output. */
export interface PrintedPiece {
  readonly index: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** It goes on the piece before it. */
  readonly continued: boolean;
}

/**
 * Masks what is printed. A secret may stand on the border of two pieces of a line, so that the last characters of a
 * piece that may go on are kept back until it is known how. Nothing is kept back of a line that has ended.
 */
export interface LineMask {
  take(piece: PrintedPiece): void;
  /** No more comes: gives what was kept back. */
  end(): void;
  /** What is kept back, for another worker to go on with; null where it is nothing. */
  held(): string | null;
}

interface OpenLine {
  readonly index: number;
  readonly pieces: PieceMask;
}

const state = z.object({ held: z.string(), masked: z.number(), open: z.boolean() });
const heldLines = z.partialRecord(z.enum(["stdout", "stderr"]), z.object({ index: z.number(), state }));

// The agent cuts a line where it is too long, and no code point has more bytes.
const shortestCutBytes = longestLineBytes - 3;

/** A mask of lines that gives to `put`, and begins with what another one held. */
export function createLineMask(
  mask: SecretMask,
  put: (piece: PrintedPiece) => void,
  before: string | null,
): LineMask {
  const open = new Map<PrintedPiece["stream"], OpenLine>();
  for (const [stream, line] of restored(before))
    open.set(stream, { index: line.index, pieces: mask.pieces(line.state) });

  const give = (piece: PrintedPiece): void => {
    // Nothing new, where all of it is of the secret that the piece before it ended in.
    if (piece.text === "" && piece.continued) return;
    for (const part of cut(piece)) put(part);
  };
  const endLine = (stream: PrintedPiece["stream"]): void => {
    const line = open.get(stream);
    if (line === undefined) return;
    open.delete(stream);
    give({ index: line.index, stream, text: line.pieces.push("", false), continued: true });
  };
  return {
    take: (piece) => {
      const { index, stream, text, continued } = piece;
      const line = open.get(stream);
      if (line !== undefined && !(continued && line.index === index)) endLine(stream);
      const pieces = open.get(stream)?.pieces ?? mask.pieces();
      const goesOn = !mask.isEmpty && Buffer.byteLength(text) >= shortestCutBytes;
      const shown = mask.isEmpty ? text : uncovered(mask, text, goesOn || continued);
      give({ ...piece, text: pieces.push(shown, goesOn) });
      if (goesOn) open.set(stream, { index, pieces });
      else open.delete(stream);
    },
    end: () => {
      for (const stream of [...open.keys()]) endLine(stream);
    },
    held: () => (open.size === 0 ? null : toText(open)),
  };
}

/**
 * A line that is to be masked. A colour that begins within a secret (grep --color) hides it from the mask, and not from
 * who reads the log: such a line loses its colours, and so does a piece of a long line, as that goes on elsewhere.
 */
function uncovered(mask: SecretMask, text: string, isPiece: boolean): string {
  const plain = toPlainText(text);
  if (plain === text) return text;
  return isPiece || mask.text(plain) !== toPlainText(mask.text(text)) ? plain : text;
}

function toText(open: ReadonlyMap<PrintedPiece["stream"], OpenLine>): string {
  const lines = [...open].map(([stream, { index, pieces }]) => [stream, { index, state: pieces.state() }]);
  return JSON.stringify(Object.fromEntries(lines));
}

function restored(
  before: string | null,
): readonly [PrintedPiece["stream"], { index: number; state: MaskState }][] {
  if (before === null) return [];
  const { stdout, stderr } = heldLines.parse(JSON.parse(before));
  return [
    ...(stdout === undefined ? [] : [["stdout", stdout] as const]),
    ...(stderr === undefined ? [] : [["stderr", stderr] as const]),
  ].map(([stream, line]) => [stream, line]);
}

/** With what was kept back before it, a piece can be longer than a line may be. */
function* cut(piece: PrintedPiece): Generator<PrintedPiece> {
  const bytes = Buffer.from(piece.text, "utf8");
  if (bytes.length <= longestLineBytes) return yield piece;
  let continued = piece.continued;
  for (let start = 0; start < bytes.length; continued = true) {
    let end = Math.min(bytes.length, start + longestLineBytes);
    while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    yield { ...piece, text: bytes.toString("utf8", start, end), continued };
    start = end;
  }
}
