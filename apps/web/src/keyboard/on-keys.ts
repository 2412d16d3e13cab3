import { areKeysOn } from "./key-choice.ts";

/** What a key does: "n", or two in a row, "g j". */
export type KeyActions = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** How long the second of two keys may take, in ms. */
const secondKeyMs = 1_500;

/** Listens for keys that are pressed where nobody writes, and no window is open; gives what ends it. */
export function onKeys(actions: KeyActions): () => void {
  let first: { readonly key: string; readonly at: number } | null = null;
  const firsts = new Set(
    Object.keys(actions).flatMap((keys) => (keys.includes(" ") ? [keys.charAt(0)] : [])),
  );
  const listen = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event)) return;
    if (!areKeysOn()) return;
    const isSecond = first !== null && event.timeStamp - first.at < secondKeyMs;
    const keys = isSecond && first !== null ? `${first.key} ${event.key}` : event.key;
    first = null;
    const action = actions[keys];
    if (action !== undefined) {
      event.preventDefault();
      action(event);
    } else if (firsts.has(event.key)) first = { key: event.key, at: event.timeStamp };
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

/** Whether the key is for what has the focus: a field, or a window over the page. */
function isTaken({ target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      "input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=listbox], [role=menu]",
    ) !== null
  );
}
