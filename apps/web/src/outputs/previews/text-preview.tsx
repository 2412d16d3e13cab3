import { useMemo } from "react";
import { CodeBlock } from "../../code/code-block.tsx";
import { languageOf } from "../../code/languages.ts";
import type { PreviewProps } from "./preview-props.ts";

/** Text as it is, in the colours of its language. */
export function TextPreview({ path, bytes }: PreviewProps) {
  const text = useMemo(() => new TextDecoder().decode(bytes), [bytes]);
  return <CodeBlock text={text} language={languageOf(path)} label={path} />;
}
