import { useMemo } from "react";
import { readText } from "../read-text.ts";
import { MarkdownText } from "./markdown-text.tsx";
import type { PreviewProps } from "./preview-props.ts";

/** Markdown, set. */
export function MarkdownPreview({ bytes, isWhole }: PreviewProps) {
  const text = useMemo(() => readText(bytes, isWhole), [bytes, isWhole]);
  return <MarkdownText text={text} />;
}
