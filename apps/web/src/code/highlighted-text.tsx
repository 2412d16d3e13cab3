import type { ElementContent, RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import { Fragment, useMemo } from "react";
import { isDeep } from "./is-deep.ts";

const lowlight = createLowlight(common);

interface HighlightedTextProps {
  readonly text: string;
  readonly language: string;
}

/** Text in the colours of its language: elements that hold text, never mark-up that is parsed. */
export function HighlightedText({ text, language }: HighlightedTextProps) {
  const tree = useMemo(() => {
    if (!lowlight.registered(language)) return null;
    const { children } = lowlight.highlight(language, text);
    // Each level is an element within another, of which a browser has room for hundreds, and not for thousands.
    return isDeep(children) ? null : children;
  }, [text, language]);
  return tree === null ? text : <Nodes nodes={tree} />;
}

function Nodes({ nodes }: { readonly nodes: readonly (RootContent | ElementContent)[] }) {
  return nodes.map((node, place) => {
    if (node.type === "text") return <Fragment key={place}>{node.value}</Fragment>;
    if (node.type !== "element") return null;
    const { className } = node.properties;
    return (
      <span key={place} className={Array.isArray(className) ? className.join(" ") : undefined}>
        <Nodes nodes={node.children} />
      </span>
    );
  });
}
