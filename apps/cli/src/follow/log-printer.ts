import type { LogLine } from "@longshore/client";
import { printable } from "../terminal/printable.ts";
import type { Channel, Screen } from "../terminal/screen.ts";

export interface LogPrinter {
  print(line: LogLine): Promise<void>;
  /** Ends a last line that is still open. */
  finish(): Promise<void>;
}

export interface LogPrinterOptions {
  /** `split`: what the job wrote to stderr goes to stderr. `joined`: both go to stdout. Lines of the system never do. */
  readonly streams: "split" | "joined";
  readonly timestamps?: boolean;
  /** Before each line on a terminal, so that it can be told from what is said beside. */
  readonly mark: string;
}

/** From this size on, a line may go on in the next (`continued`): its newline has to wait. In bytes, as the service cuts. */
const pieceBytes = 16 * 1024 - 4;

/**
 * Prints lines of a log. On a terminal nothing in them can act, and of a line that was drawn over, as progress bars are,
 * the last state is shown; into a file or a pipe they go as they are, and lines that the service cut into pieces are whole
 * again.
 */
export function createLogPrinter(
  { out, err }: Screen,
  { streams, timestamps = false, mark }: LogPrinterOptions,
): LogPrinter {
  const open = new Set<Channel>();
  const printWhole = async (channel: Channel, { text, continued, time }: LogLine) => {
    const isContinued = continued === true && open.has(channel);
    const before = !isContinued && open.has(channel) ? "\n" : "";
    const stamp = timestamps && !isContinued ? `${time} ` : "";
    const isOpen = Buffer.byteLength(text) >= pieceBytes;
    if (isOpen) open.add(channel);
    else open.delete(channel);
    await channel.write(`${before}${stamp}${text}${isOpen ? "" : "\n"}`);
  };
  const printShown = async (channel: Channel, { text, stream, time }: LogLine) => {
    const { dim, yellow, isColorSupported } = channel.colours;
    const shown = printable(lastDrawn(text), { colours: isColorSupported });
    const marked = mark === "" ? "" : stream === "stderr" ? yellow(mark) : dim(mark);
    await channel.write(`${marked}${timestamps ? dim(`${time} `) : ""}${shown}\n`);
  };
  return {
    print: async (line) => {
      if (line.stream === "system") return err.write(`${err.colours.yellow(`! ${printable(line.text)}`)}\n`);
      const channel = line.stream === "stderr" && streams === "split" ? err : out;
      return channel.isTTY ? printShown(channel, line) : printWhole(channel, line);
    },
    finish: async () => {
      for (const channel of open) await channel.write("\n");
      open.clear();
    },
  };
}

/** What stands behind the last carriage return; those at the end are the end of a line as Windows has it. */
function lastDrawn(text: string): string {
  return text.split("\r").findLast((drawn) => drawn !== "") ?? "";
}
