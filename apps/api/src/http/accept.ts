interface Preference {
  readonly type: string;
  readonly quality: number;
}

/** True where an Accept header (RFC 9110 section 12.5.1) asks for text/plain rather than for JSON. JSON wins a draw. */
export function prefersPlainText(header: string | undefined): boolean {
  return prefers("text/plain", header);
}

/** The same for text/html: so ask browsers for the pages that people open in them. */
export function prefersPage(header: string | undefined): boolean {
  return prefers("text/html", header);
}

/** True where an Accept-Encoding header (RFC 9110 section 12.5.3) names this coding, and not with a quality of 0. */
export function takesCoding(header: string | undefined, coding: string): boolean {
  return (header ?? "")
    .split(",")
    .map(toPreference)
    .some(({ type, quality }) => type === coding && quality > 0);
}

function prefers(type: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const preferences = header.split(",").map(toPreference);
  return qualityOf(preferences, type) > qualityOf(preferences, "application/json");
}

function toPreference(text: string): Preference {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

function qualityOf(preferences: readonly Preference[], type: string): number {
  for (const range of [type, `${type.split("/")[0] ?? ""}/*`, "*/*"]) {
    const found = preferences.find((preference) => preference.type === range);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
