/** Levels that are indented: deeper JSON is made to be large, and not to be read. */
const mostLevels = 50;
/** Characters that are drawn, whatever the file has. */
const mostCharacters = 4 * 1_048_576;
const indent = 2;

/**
 * JSON with a line for each part, of which nothing but the blanks is changed: numbers and strings stay as they are written,
 * and a key that is there twice is there twice. As it came where it is no JSON, is nested too deep, or would be too long with
 * all its blanks.
 */
export function indentJson(text: string): string {
  if (!isWithinBounds(text)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return withLines(text);
}

/** Valid JSON anew, token by token. */
function withLines(text: string): string {
  const parts: string[] = [];
  let [depth, at] = [0, 0];
  const lineAt = (levels: number) => `\n${" ".repeat(indent * levels)}`;
  while (at < text.length) {
    const character = text.charAt(at);
    const end = character === '"' ? endOfString(text, at) : at + 1;
    if (character === "[" || character === "{") {
      const inner = nextToken(text, end);
      const isEmpty = text.charAt(inner) === "]" || text.charAt(inner) === "}";
      depth += isEmpty ? 0 : 1;
      parts.push(isEmpty ? character + text.charAt(inner) : character + lineAt(depth));
      at = isEmpty ? inner + 1 : end;
      continue;
    }
    if (character === "]" || character === "}") parts.push(lineAt((depth -= 1)), character);
    else if (character === ",") parts.push(character, lineAt(depth));
    else if (character === ":") parts.push(": ");
    else if (!isBlank(character)) parts.push(text.slice(at, end));
    at = end;
  }
  return parts.join("");
}

function nextToken(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charAt(at))) at += 1;
  return at;
}

const isBlank = (character: string) =>
  character === " " || character === "\n" || character === "\r" || character === "\t";

/** Looks at the text alone, as neither parsing nor writing it is bounded: a level costs blanks in each line within it. */
function isWithinBounds(text: string): boolean {
  let [depth, characters, at] = [0, 0, 0];
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = endOfString(text, at);
      characters += end - at;
      at = end;
      continue;
    }
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth -= 1;
    characters += "[]{},".includes(character) ? 2 + indent * Math.max(0, depth) : character === ":" ? 2 : 1;
    if (depth > mostLevels || characters > mostCharacters) return false;
    at += 1;
  }
  return true;
}

/** Behind its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}
