import { useMemo } from "react";
import { CodeBlock } from "../../code/code-block.tsx";
import { readText } from "../read-text.ts";
import { indentJson } from "./indent-json.ts";
import type { PreviewProps } from "./preview-props.ts";

/** JSON, indented where it is whole, is JSON and is of a size for it, and as it is otherwise. */
export function JsonPreview({ path, bytes, isWhole }: PreviewProps) {
  const text = useMemo(() => {
    const given = readText(bytes, isWhole);
    return isWhole ? indentJson(given) : given;
  }, [bytes, isWhole]);
  return <CodeBlock text={text} language="json" label={path} />;
}
