import { useMemo } from "react";
import { CodeBlock } from "../../code/code-block.tsx";
import { languageOf } from "../../code/languages.ts";
import { readText } from "../read-text.ts";
import type { PreviewProps } from "./preview-props.ts";

/** Text as it is, in the colours of its language. */
export function TextPreview({ path, bytes, isWhole }: PreviewProps) {
  const text = useMemo(() => readText(bytes, isWhole), [bytes, isWhole]);
  return <CodeBlock text={text} language={languageOf(path)} label={path} />;
}
