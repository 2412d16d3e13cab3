interface Preference {
  readonly type: string;
  readonly quality: number;
}

/** True where an Accept header (RFC 9110 section 12.5.1) asks for text/plain rather than for JSON. JSON wins a draw. */
export function prefersPlainText(header: string | undefined): boolean {
  if (header === undefined) return false;
  const preferences = header.split(",").map(toPreference);
  return qualityOf(preferences, "text/plain") > qualityOf(preferences, "application/json");
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
