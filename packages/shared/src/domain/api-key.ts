// The prefix is shown, the 32 bytes after it are the secret. Its own beginning makes a key that leaked easy to find.
const form = /lsk_[a-z2-7]{8}_[A-Za-z0-9_-]{43}/;
const wholeForm = new RegExp(`^${form.source}$`);
const everyForm = new RegExp(form.source, "g");
const prefixLength = "lsk_".length + 8;

/** True for what looks like an API key; whether it is one of ours is another question. */
export function isApiKey(text: string): boolean {
  return wholeForm.test(text);
}

/** The part of a key that lists and logs may show. */
export function prefixOf(key: string): string {
  return key.slice(0, prefixLength);
}

/** The text with the secret of every API key in it taken out. */
export function redactApiKeys(text: string): string {
  return text.includes("lsk_") ? text.replaceAll(everyForm, (key) => `${prefixOf(key)}_[redacted]`) : text;
}
