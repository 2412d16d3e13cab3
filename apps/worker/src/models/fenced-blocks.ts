/** A fenced code block of a Markdown text. */
export interface FencedBlock {
  /** First word of the info string, in lower case; empty where there is none. */
  readonly language: string;
  readonly content: string;
}

const opening = /^( {0,3})(`{3,}|~{3,})([\s\S]*)$/;

/**
 * The fenced code blocks of a text, in order, by CommonMark's rules (spec 0.31, section 4.5): up to three spaces of
 * indentation, a closing fence at least as long as the opening one, an unclosed block runs to the end. Blocks inside
 * quotes and deeper list items are not looked for.
 */
export function readFencedBlocks(text: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: {
    readonly language: string;
    readonly indent: number;
    readonly closing: RegExp;
    readonly lines: string[];
  } | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (open === null) {
      open = openBlock(line);
    } else if (open.closing.test(line)) {
      blocks.push({ language: open.language, content: joinLines(open.lines) });
      open = null;
    } else {
      open.lines.push(dropIndent(line, open.indent));
    }
  }
  if (open !== null) blocks.push({ language: open.language, content: joinLines(open.lines) });
  return blocks;
}

function openBlock(line: string) {
  const [, indent = "", fence = "", info = ""] = opening.exec(line) ?? [];
  const mark = fence[0];
  if (mark === undefined || (mark === "`" && info.includes("`"))) return null; // inline code, not a fence
  const language = /^[^\s{,;]*/.exec(info.trim())?.[0].toLowerCase() ?? "";
  const closing = new RegExp(`^ {0,3}${mark}{${String(fence.length)},}[ \\t]*$`);
  return { language, indent: indent.length, closing, lines: [] };
}

/** The content loses as much indentation as its opening fence had, where it has it. */
function dropIndent(line: string, indent: number): string {
  let spaces = 0;
  while (spaces < indent && line[spaces] === " ") spaces += 1;
  return line.slice(spaces);
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
