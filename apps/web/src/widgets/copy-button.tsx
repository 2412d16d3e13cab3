import { useState } from "react";
import { ActionButton } from "./action-button.tsx";

const saidForMs = 2_000;

/** Copies a text. Browsers let pages do so over https and on this machine alone: elsewhere there is no button. */
export function CopyButton({ what, text }: { readonly what: string; readonly text: string }) {
  const [isDone, setDone] = useState(false);
  // safety: its types say that it is always there, and it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return null;
  const copy = async () => {
    await clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), saidForMs);
  };
  return (
    <ActionButton aria-label={`Copy ${what}`} onPress={() => void copy()}>
      <span role="status">{isDone ? "Copied" : "Copy"}</span>
    </ActionButton>
  );
}
