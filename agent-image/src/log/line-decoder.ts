/** A line of a program's output, or a piece of at most `longestLineBytes` of one. */
export interface LogLine {
  readonly text: string;
  /** Bytes of `text` in UTF-8. */
  readonly bytes: number;
  /** It goes on the line before it. */
  readonly continued: boolean;
  /** Its line ends with it. */
  readonly endsLine: boolean;
}

/** Makes lines from the bytes of one stream of one Step. How the bytes are cut into chunks makes no difference. */
export interface LineDecoder {
  push(chunk: Uint8Array): LogLine[];
  /** The unfinished last line. */
  end(): LogLine[];
  /** Bytes that have come and are in no line yet. */
  pendingBytes(): number;
}

/** Invalid UTF-8 and NUL become U+FFFD: Postgres stores neither. CR, and a byte order mark, stay. */
export function createLineDecoder(longestLineBytes: number): LineDecoder {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let parts: string[] = [];
  let kept = 0;
  let continued = false;

  /** Takes text without newlines. A piece goes out only when the line is known to be longer than it. */
  function takeText(text: string, out: LogLine[]): void {
    const bytes = Buffer.byteLength(text, "utf8");
    if (kept + bytes <= longestLineBytes) {
      if (text !== "") parts.push(text);
      kept += bytes;
      return;
    }
    const { pieces, rest } = cutPieces(parts.join("") + text, longestLineBytes);
    for (const piece of pieces) {
      out.push({ ...piece, continued, endsLine: false });
      continued = true;
    }
    parts = [rest.text];
    kept = rest.bytes;
  }

  function endLine(out: LogLine[]): void {
    out.push({ text: parts.join(""), bytes: kept, continued, endsLine: true });
    parts = [];
    kept = 0;
    continued = false;
  }

  function take(decoded: string): LogLine[] {
    const text = decoded.includes("\0") ? decoded.replaceAll("\0", "\uFFFD") : decoded;
    const out: LogLine[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      takeText(text.slice(start, end), out);
      endLine(out);
      start = end + 1;
    }
    if (start < text.length) takeText(text.slice(start), out);
    return out;
  }

  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      const out = take(decoder.decode());
      if (kept > 0) endLine(out);
      return out;
    },
    pendingBytes: () => kept,
  };
}

type Piece = Pick<LogLine, "text" | "bytes">;

/** Cuts text into pieces as long as may be. The rest is not empty: more text may come to go on it. */
function cutPieces(text: string, longestBytes: number): { readonly pieces: Piece[]; readonly rest: Piece } {
  const whole = Buffer.from(text, "utf8");
  const pieces: Piece[] = [];
  let start = 0;
  while (whole.length - start > longestBytes) {
    const end = codePointStart(whole, start + longestBytes);
    pieces.push({ text: whole.toString("utf8", start, end), bytes: end - start });
    start = end;
  }
  return { pieces, rest: { text: whole.toString("utf8", start), bytes: whole.length - start } };
}

/** The start of the code point that holds the byte at `position`, so that none is split. */
function codePointStart(bytes: Buffer, position: number): number {
  let start = position;
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
