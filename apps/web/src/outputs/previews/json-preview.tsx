import { useMemo } from "react";
import { CodeBlock } from "../../code/code-block.tsx";
import type { PreviewProps } from "./preview-props.ts";

/** JSON, indented where it is whole and is JSON, and as it is otherwise. */
export function JsonPreview({ path, bytes, isWhole }: PreviewProps) {
  const text = useMemo(() => indented(new TextDecoder().decode(bytes), isWhole), [bytes, isWhole]);
  return <CodeBlock text={text} language="json" label={path} />;
}

function indented(text: string, isWhole: boolean): string {
  // Numbers that a browser cannot hold would change: such a file is shown as it is.
  if (!isWhole || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
