import type { Socket } from "node:net";

/** Longest first line on a relay, in bytes without its newline. */
export const longestFirstLineBytes = 4_096;

const newline = 0x0a;

/**
 * Calls `onLine` once: with the first line and what came behind it, or with null where the line is too long, or did not
 * come whole before the connection ended or the time was over. Then it listens no more.
 */
export function readFirstLine(
  socket: Socket,
  timeoutMs: number,
  onLine: (line: Buffer | null, rest: Buffer) => void,
): void {
  let heard: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => finish(null), timeoutMs);
  const giveUp = (): void => finish(null);

  function finish(line: Buffer | null, rest: Buffer = Buffer.alloc(0)): void {
    clearTimeout(timer);
    socket.off("data", take);
    socket.off("end", giveUp);
    socket.off("close", giveUp);
    onLine(line, rest);
  }

  function take(bytes: Buffer): void {
    heard = Buffer.concat([heard, bytes]);
    const end = heard.indexOf(newline);
    const length = end === -1 ? heard.length : end;
    if (length > longestFirstLineBytes) finish(null);
    else if (end !== -1) finish(heard.subarray(0, end), heard.subarray(end + 1));
  }

  socket.on("data", take);
  socket.on("end", giveUp);
  socket.on("close", giveUp);
}
