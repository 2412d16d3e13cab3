/** Levels that are indented: deeper JSON is made to be large, and not to be read. */
const mostLevels = 50;
/** Characters that are drawn, whatever the file has. */
const mostCharacters = 4 * 1_048_576;
const indent = 2;

/**
 * JSON with a line for each part. As it came where it is no JSON, is nested too deep, would be too long with all its blanks, or
 * has numbers that a browser cannot hold.
 */
export function indentJson(text: string): string {
  if (/\d{16}/.test(text) || !isWithinBounds(text)) return text;
  try {
    const indented = JSON.stringify(JSON.parse(text), null, indent);
    // Numbers may be written longer than they came.
    return indented.length > mostCharacters ? text : indented;
  } catch {
    return text;
  }
}

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
    characters += "[]{},".includes(character) ? 2 + indent * Math.max(0, depth) : 1;
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
