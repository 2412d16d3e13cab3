import type { WriteStream } from "node:tty";
import { type Colours, coloursFor } from "./colours.ts";
import { printable } from "./printable.ts";

/** Where a command shows what it has: results on stdout, what goes on beside on stderr. */
export interface Screen {
  readonly out: Channel;
  readonly err: Channel;
  /** Whether somebody sees stderr while it is written. */
  readonly isLive: boolean;
  /** The last line of a terminal, drawn anew as long as it is shown; null takes it away. */
  live(text: (() => string) | null): void;
}

export interface Channel {
  readonly isTTY: boolean;
  /** In characters; 80 where it is no terminal. */
  readonly columns: number;
  readonly colours: Colours;
  /** Writes the text as it is, and resolves when there is place for more. */
  write(text: string | Uint8Array): Promise<void>;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;
const clearLine = "\r\u001B[K";

/** @param env where NO_COLOR and the like are looked up. */
export function createScreen(
  { stdout, stderr }: { readonly stdout: WriteStream; readonly stderr: WriteStream },
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const isLive = stderr.isTTY && env["TERM"] !== "dumb";
  const last = createLastLine(stderr);
  const channel = (stream: WriteStream): Channel => ({
    isTTY: stream.isTTY,
    columns: stream.isTTY ? stream.columns : 80,
    colours: coloursFor(stream, env),
    write: (what) => {
      if (stream.isTTY) last.clear();
      return new Promise((resolve) => {
        // Called also where nobody reads any more, which makes no place: for stderr that is no reason to wait for ever.
        if (stream.write(what, () => resolve())) resolve();
      });
    },
  });
  const live: Screen["live"] = (text) => {
    if (isLive) last.show(text);
  };
  return { ...{ out: channel(stdout), err: channel(stderr), isLive }, live };
}

function createLastLine(stderr: WriteStream) {
  let timer: NodeJS.Timeout | undefined;
  let isDrawn = false;
  let frame = 0;
  const draw = (text: string) => {
    frame += 1;
    const line = `${frames[frame % frames.length] ?? ""} ${printable(text)}`;
    stderr.write(
      clearLine +
        Array.from(line)
          .slice(0, stderr.columns - 1)
          .join(""),
    );
    isDrawn = true;
  };
  const clear = () => {
    if (isDrawn) stderr.write(clearLine);
    isDrawn = false;
  };
  return {
    clear,
    show: (text: (() => string) | null) => {
      clearInterval(timer);
      if (text === null) return clear();
      timer = setInterval(() => draw(text()), frameMs).unref();
      draw(text());
    },
  };
}
