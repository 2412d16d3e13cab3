/** A text that a pattern could be slow on. */
export interface HostileText {
  /** How it is made, for whoever reads of it. */
  readonly what: string;
  readonly text: string;
}

const classSamples: Readonly<Record<string, string>> = {
  d: "0",
  w: "a",
  s: " ",
  S: "a",
  D: "a",
  W: " ",
  r: "\r",
  n: "\n",
  t: "\t",
};
/** What hardly any pattern takes, so that it fails when it has come to the end; and a line's end, which `.` does not take. */
const endings = ["", "\0", "\n\0"];

/**
 * Texts of so many characters for a pattern: each character that it speaks of, and each two that follow one another in
 * it, again and again, behind its literal beginning and behind nothing, and with ends that it does not take.
 */
export function hostileTexts({ source }: RegExp, length: number): readonly HostileText[] {
  const samples = samplesOf(source);
  const pairs = samples.flatMap((first, at) => {
    const second = samples[at + 1];
    return second === undefined ? [] : [first + second];
  });
  const pumps = [...new Set([...samples, ...pairs, "a", "0", " ", "~"])];
  const beginnings = [...new Set(["", beginningOf(source)])];
  return pumps.flatMap((pump) =>
    beginnings.flatMap((beginning) =>
      endings.map((ending) => ({
        what: JSON.stringify([beginning, pump, ending]),
        text: beginning + pump.repeat(Math.ceil(length / pump.length)).slice(0, length) + ending,
      })),
    ),
  );
}

/** A character for each that stands in the pattern, and for each class. */
function samplesOf(source: string): readonly string[] {
  const samples: string[] = [];
  for (const [whole, escaped] of source.matchAll(
    /\\(?:u\{?[\da-fA-F]+\}?|x[\da-fA-F]{2}|[pP]\{[^}]*\}|(.))|[^\\]/gs,
  )) {
    if (escaped !== undefined) samples.push(classSamples[escaped] ?? escaped);
    else if (whole.length === 1 && !/[\^$()[\]{}*+?|]/.test(whole)) samples.push(whole === "." ? "a" : whole);
  }
  // Of letters and digits that follow one another, any stands for the rest.
  const distinct = samples.filter(
    (each, at) => !(/^[a-z]$/i.test(each) && /^[a-z]$/i.test(samples[at - 1] ?? "")),
  );
  return [...new Set(distinct)].slice(0, 12);
}

/** What a text must begin with, as far as it is literal. */
function beginningOf(source: string): string {
  const [whole = "", plain = ""] = /^\^?((?:[\w:;,<>"'=@#%&~ /-]|\\\/)*)/.exec(source) ?? [];
  const isRepeated = /^[*+?{]/.test(source.slice(whole.length));
  return plain.replaceAll("\\/", "/").slice(0, isRepeated ? -1 : undefined);
}
