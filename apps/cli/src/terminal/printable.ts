const ESC = "\u001B";

/**
 * One line of a stranger's text as a terminal may get it: what would move the cursor, set the title, ring, or turn the
 * direction of the text is shown as what it is (`^G`, `\u{202e}`), tabs are kept. With `colours`, those that the text sets
 * are kept too, and end with the line; without, they are left out.
 */
export function printable(text: string, { colours = false } = {}): string {
  let coloured = false;
  const shown = text.replaceAll(/\p{Cc}\[[\d;:]{0,40}m|[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, (found) => {
    if (found === "\t") return found;
    if (found.length === 1) return nameOf(found);
    if (!found.startsWith(ESC)) return nameOf(found.charAt(0)) + found.slice(1);
    if (!colours) return "";
    coloured = true;
    return found;
  });
  return coloured ? `${shown}${ESC}[0m` : shown;
}

/** As `cat -v` does for ASCII. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return "^?";
  return code < 0x20 ? `^${String.fromCodePoint(code + 0x40)}` : `\\u{${code.toString(16)}}`;
}
