import { useMemo } from "react";
import { MarkdownText } from "./markdown-text.tsx";
import type { PreviewProps } from "./preview-props.ts";

/** Markdown, set. */
export function MarkdownPreview({ bytes }: PreviewProps) {
  const text = useMemo(() => new TextDecoder().decode(bytes), [bytes]);
  return <MarkdownText text={text} />;
}
