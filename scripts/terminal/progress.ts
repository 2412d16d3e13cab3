/** Where a command shows what it is doing: one line a phase, alive on a terminal, quiet but not silent in a log. */
export interface Progress {
  /** Shows `title` until `work` has ended, then how long it took. */
  readonly phase: <Value>(title: string, work: (note: Note) => Promise<Value>) => Promise<Value>;
  /** A line of its own. */
  readonly say: (line: string) => void;
}
/** Says what a phase is at right now: shown on a terminal, and now and then in a log. */
export type Note = (detail: string) => void;

interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
/** A log gets a line this often, so that a long phase can be told from a hanging one. */
const HEARTBEAT_MS = 15_000;
/** A phase shorter than this is not worth a line in a log. */
const QUIET_MS = 400;

/** Progress on `stream`: a spinner where it is a terminal, plain lines where it is not. */
export function createProgress(stream: ProgressStream = process.stderr): Progress {
  const live = stream.isTTY === true;
  const clear = () => {
    if (live) stream.write("\r\u001B[K");
  };
  const say = (line: string) => {
    clear();
    stream.write(`${line}\n`);
  };

  const phase: Progress["phase"] = async (title, work) => {
    const began = Date.now();
    let detail = "";
    let frame = 0;
    const draw = () => {
      const line = `${FRAMES[frame++ % FRAMES.length] ?? ""} ${title} (${elapsed(began)})${detail && ` ${detail}`}`;
      stream.write(`\r\u001B[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    };
    const beat = () => say(`  ${title}: still at it after ${elapsed(began)}${detail && `, ${detail}`}`);
    const opening = live ? undefined : setTimeout(() => say(`… ${title}`), QUIET_MS);
    const timer = live ? setInterval(draw, FRAME_MS) : setInterval(beat, HEARTBEAT_MS);
    let done = false;
    try {
      const value = await work((text) => (detail = text.replaceAll(/\s+/g, " ").trim()));
      done = !isFailure(value);
      return value;
    } finally {
      clearInterval(timer);
      clearTimeout(opening);
      say(`${done ? "✓" : "✗"} ${title} (${elapsed(began)})`);
    }
  };
  return { phase, say };
}

function isFailure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ok" in value && value.ok === false;
}

/** The time since `began` (ms since the epoch), for people. */
export function elapsed(began: number): string {
  const seconds = (Date.now() - began) / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
