import { useState } from "react";
import { ActionButton } from "./action-button.tsx";
import { copyText } from "./copy-text.ts";

const saidForMs = 2_000;

/** Copies a text. Browsers let pages do so over https and on this machine alone: elsewhere there is no button. */
export function CopyButton({ what, text }: { readonly what: string; readonly text: string }) {
  const [isDone, setDone] = useState(false);
  if (!isSecureContext) return null;
  const copy = async () => {
    if (!(await copyText(text))) return;
    setDone(true);
    setTimeout(() => setDone(false), saidForMs);
  };
  return (
    <ActionButton aria-label={`Copy ${what}`} onPress={() => void copy()}>
      <span role="status">{isDone ? "Copied" : "Copy"}</span>
    </ActionButton>
  );
}
