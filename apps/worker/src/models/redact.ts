const keyForms = /\b(?:sk|rk|pk|key)-[\w.*-]{4,}|AIza[\w-]{4,}|(?<=Bearer\s)\S+|https?:\/\/\S+/gi;
const longestExcerpt = 300;
const shortestTelling = 6;

/**
 * What can be shown of a provider's own words: one line, cut, without addresses, without what looks like a key,
 * and without any word that is part of a secret or holds one (providers echo keys, and parts of keys).
 */
export function redact(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "[hidden]");
  return shown
    .replace(keyForms, "[hidden]")
    .replace(/[^\s"'`,;:()[\]{}<>=]+/g, (word) => (tells(word, secrets) ? "[hidden]" : word))
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, longestExcerpt)
    .toWellFormed();
}

/** True where a word, as it stands or with the middle starred out, gives part of a secret away. */
function tells(word: string, secrets: readonly string[]): boolean {
  const parts = word
    .split(/\*+|\.{2,}|…/)
    .filter((part) => part.length >= (word.includes("*") ? 3 : shortestTelling));
  return secrets.some((secret) => parts.some((part) => secret.includes(part)));
}

/** What must not be shown of a provider's settings: its key, and what an address holds beyond its host. */
export function secretsOf(apiKey: string | null, baseUrl: string): readonly string[] {
  const segments = new URL(baseUrl).pathname.split("/").filter((segment) => segment.length >= 16);
  return [...(apiKey === null ? [] : [apiKey]), ...segments];
}
