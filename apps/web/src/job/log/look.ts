/** How characters look: what a terminal keeps from one to the next. Colours are `0`–`15` of the palette, or `#rrggbb`. */
export interface Look {
  readonly fg: string | null;
  readonly bg: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const plainLook: Look = {
  ...{ fg: null, bg: null, bold: false, dim: false },
  ...{ italic: false, underline: false, strike: false, inverse: false },
};

const switches: Readonly<Record<number, Partial<Look>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

/** The look after the parameters of one "select graphic rendition" (ECMA-48 8.3.117; colours as xterm has them). */
export function applyRendition(look: Look, parameters: readonly number[]): Look {
  let next = look;
  for (let at = 0; at < parameters.length; at += 1) {
    const code = parameters[at] ?? 0;
    if (code === 0) next = plainLook;
    else if (code === 38 || code === 48) {
      const { colour, taken } = extendedColour(parameters, at + 1);
      at += taken;
      if (colour !== null) next = { ...next, ...(code === 38 ? { fg: colour } : { bg: colour }) };
    } else next = { ...next, ...(switches[code] ?? paletteColour(code)) };
  }
  return next;
}

function paletteColour(code: number): Partial<Look> {
  if (code >= 30 && code <= 37) return { fg: String(code - 30) };
  if (code >= 90 && code <= 97) return { fg: String(code - 82) };
  if (code >= 40 && code <= 47) return { bg: String(code - 40) };
  if (code >= 100 && code <= 107) return { bg: String(code - 92) };
  return {};
}

/** `5;n` or `2;r;g;b` behind a 38 or 48, and how many parameters that were. */
function extendedColour(
  parameters: readonly number[],
  at: number,
): { readonly colour: string | null; readonly taken: number } {
  const [kind, first = 0, second = 0, third = 0] = parameters.slice(at, at + 4);
  if (kind === 5) return { colour: indexedColour(first), taken: 2 };
  if (kind === 2) return { colour: toHex(first, second, third), taken: 4 };
  return { colour: null, taken: 1 };
}

/** Of the 256: 16 of the palette, a cube of 6 × 6 × 6, and 24 greys, as xterm has them. */
function indexedColour(index: number): string | null {
  if (index < 16) return String(index);
  if (index > 255) return null;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return toHex(grey, grey, grey);
  }
  const cube = index - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return toHex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function toHex(...channels: readonly number[]): string {
  const two = (channel: number) => Math.min(channel, 255).toString(16).padStart(2, "0");
  return `#${channels.map(two).join("")}`;
}
