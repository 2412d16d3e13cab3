/** Takes bytes as they come and gives whole lines, without their newline. */
export interface FrameSplitter {
  /** Calls `onLine` for each line that `bytes` ends. False, and nothing more is taken, where a line is too long. */
  push(bytes: Buffer, onLine: (line: Buffer) => void): boolean;
}

const newline = 0x0a;

/** Cuts a stream at its newlines. At most `longestLineBytes` and one read are kept. Empty lines are no frames. */
export function createFrameSplitter(longestLineBytes: number): FrameSplitter {
  let parts: Buffer[] = [];
  let kept = 0;

  function take(bytes: Buffer): Buffer {
    if (parts.length === 0) return bytes;
    const line = Buffer.concat([...parts, bytes]);
    parts = [];
    kept = 0;
    return line;
  }

  return {
    push(bytes, onLine) {
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        if (kept + end - start > longestLineBytes) return false;
        const line = take(bytes.subarray(start, end));
        if (line.length > 0) onLine(line);
        start = end + 1;
      }
      if (start < bytes.length) {
        parts.push(bytes.subarray(start));
        kept += bytes.length - start;
      }
      return kept <= longestLineBytes;
    },
  };
}
