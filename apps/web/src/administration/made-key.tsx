import type { MadeKey as Made } from "@longshore/client";
import { ActionButton } from "../widgets/action-button.tsx";
import { CopyButton } from "../widgets/copy-button.tsx";
import { Notice } from "../widgets/notice.tsx";

interface MadeKeyProps {
  readonly made: Made;
  readonly onKept: () => void;
}

/** A key that was just made, with its secret. */
export function MadeKey({ made: { name, prefix, tenant, key }, onKept }: MadeKeyProps) {
  if (key === null)
    return (
      <Notice tone="bad" title={`The key ${prefix} was made, and its secret got lost on the way`}>
        <p>Revoke it, and make another one.</p>
        <ActionButton onPress={onKept}>I see</ActionButton>
      </Notice>
    );
  return (
    <Notice tone="good" title={`The key “${name}” of ${tenant}`}>
      <p>
        <code className="made-key">{key}</code>
      </p>
      <p>It is not stored, and cannot be shown again.</p>
      <CopyButton what="the key" text={key} /> <ActionButton onPress={onKept}>I have it</ActionButton>
    </Notice>
  );
}
