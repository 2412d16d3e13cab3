import colours from "picocolors";

export type Colours = ReturnType<typeof colours.createColors>;

/** https://no-color.org: any value that is not empty. FORCE_COLOR, as Node has it, wins on what is no terminal. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colours {
  return colours.createColors(wantsColours(stream, env));
}

function wantsColours(
  { isTTY = false }: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return false;
  const forced = env["FORCE_COLOR"] ?? "";
  return forced === "" ? isTTY : forced !== "0";
}
