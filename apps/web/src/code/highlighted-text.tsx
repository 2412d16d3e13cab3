import type { ElementContent, RootContent } from "hast";
import { common, createLowlight } from "lowlight";
import { Fragment, useMemo } from "react";

const lowlight = createLowlight(common);

interface HighlightedTextProps {
  readonly text: string;
  readonly language: string;
}

/** Text in the colours of its language: elements that hold text, never mark-up that is parsed. */
export function HighlightedText({ text, language }: HighlightedTextProps) {
  const tree = useMemo(
    () => (lowlight.registered(language) ? lowlight.highlight(language, text).children : null),
    [text, language],
  );
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
