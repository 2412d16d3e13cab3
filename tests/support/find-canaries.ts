import type { Sinks } from "./canary-sinks.ts";

/** Ends of lines, as they are and as JSON has them. */
const lineEnds = /(?:\\r|\\n|[\r\n])+/g;

/** Names of the sinks that hold one of the canaries, in any spelling and wrapped into lines or not, each with the canary. */
export function findCanaries(sinks: Sinks, canaries: readonly string[]): readonly string[] {
  return Object.entries(sinks).flatMap(([name, text]) => {
    const forms = [text, text.replaceAll(lineEnds, "")];
    return canaries
      .filter((canary) => spellings(canary).some((each) => forms.some((form) => form.includes(each))))
      .map((canary) => `${name}: ${canary}`);
  });
}

/** The spellings of a canary that a test looks for; not those of the product, so that it is not believed. */
function spellings(canary: string): readonly string[] {
  // A base64 of something around it begins at one of three places; what its neighbours have a part in is cut off.
  const base64 = ["", "x", "xx"].map((before) => {
    const text = Buffer.from(`${before}${canary}`).toString("base64").replace(/=+$/, "");
    return text.slice(before === "" ? 0 : 4, -2);
  });
  const base64url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const hex = Buffer.from(canary).toString("hex");
  const quoted = JSON.stringify(canary).slice(1, -1);
  return [
    ...[canary, quoted, JSON.stringify(quoted).slice(1, -1), quoted.replaceAll("/", "\\/")],
    ...[...base64, ...base64url, hex, hex.toUpperCase(), encodeURIComponent(canary), encodeURI(canary)],
  ];
}
