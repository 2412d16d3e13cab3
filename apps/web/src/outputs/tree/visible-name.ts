/** A name as it can be shown: what would move, hide or turn text stands as its code point. Programs never see this. */
export function visibleName(name: string): string {
  let shown = "";
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    shown += isUnseen(code) ? `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9` : character;
  }
  return shown;
}

const unseen: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
];

const isUnseen = (code: number) => unseen.some(([first, last]) => code >= first && code <= last);
