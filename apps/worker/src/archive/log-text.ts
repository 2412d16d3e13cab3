import type { LogLine } from "@longshore/shared/contracts/log-line";
import { toPlainText } from "../pipeline/plain-text.ts";

const pieceCharacters = 65_536;

/** The log as a person reads it: what the Steps printed, line by line, without what a terminal would obey. */
export async function* toLogText(lines: AsyncIterable<LogLine>): AsyncGenerator<Buffer> {
  let text = "";
  let open = false;
  for await (const line of lines) {
    if (line.stream === "system") continue;
    if (open && line.continued !== true) text += "\n";
    text += toPlainText(line.text);
    open = true;
    if (text.length < pieceCharacters) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (open) yield Buffer.from(`${text}\n`);
}

/** The log line by line as JSON, everything in it, `system` lines too. */
export async function* toLogNdjson(lines: AsyncIterable<LogLine>): AsyncGenerator<Buffer> {
  let text = "";
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < pieceCharacters) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}
