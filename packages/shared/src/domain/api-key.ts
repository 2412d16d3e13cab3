// The prefix is shown, the 32 bytes after it are the secret. Its own beginning makes a key that leaked easy to find.
const form = /lsk_[a-z2-7]{8}_[A-Za-z0-9_-]{43}/;
const wholeForm = new RegExp(`^${form.source}$`);
const everyForm = new RegExp(form.source, "g");
const prefixLength = "lsk_".length + 8;

/** True for what looks like an API key; whether it is one of ours is another question. */
export function isApiKey(text: string): boolean {
  return wholeForm.test(text);
}

const nameForm = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u;
const handleForm = /^(?:lsk_[a-z2-7]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What {@link isKeyName} asks for, as the end of a sentence. */
export const keyNameRule = "must have 1 to 100 characters, on one line, and no API key in it";

/** True for what names a key without being one: its prefix, or its id. */
export function isKeyHandle(text: string): boolean {
  return handleForm.test(text);
}

/** True for what a key may be called, once trimmed. It is shown in lists and in the audit trail, so no key may stand in it. */
export function isKeyName(text: string): boolean {
  return nameForm.test(text) && text.trim() !== "" && redactApiKeys(text) === text;
}

/** The part of a key that lists and logs may show. */
export function prefixOf(key: string): string {
  return key.slice(0, prefixLength);
}

/** The text with the secret of every API key in it taken out. */
export function redactApiKeys(text: string): string {
  return text.includes("lsk_") ? text.replaceAll(everyForm, (key) => `${prefixOf(key)}_[redacted]`) : text;
}
