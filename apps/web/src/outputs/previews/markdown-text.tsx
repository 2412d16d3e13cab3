import { type ComponentProps, useMemo } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { CodeBlock } from "../../code/code-block.tsx";
import { canBeSet } from "./markdown-bounds.ts";

/**
 * Markdown as elements: HTML in it is text, addresses that could run something are dropped, and pictures are named
 * instead of loaded, as they lie elsewhere and would tell who looks at them. What a browser could not hold is shown as text.
 */
export function MarkdownText({ text }: { readonly text: string }) {
  const isSet = useMemo(() => canBeSet(text), [text]);
  if (!isSet) return <CodeBlock text={text} language={null} label="Markdown, as text" />;
  return (
    <div className="markdown">
      <Markdown remarkPlugins={[remarkGfm]} components={{ a: Anchor, img: Picture }}>
        {text}
      </Markdown>
    </div>
  );
}

function Anchor({ href, children }: ComponentProps<"a">) {
  if (href === undefined || !/^https?:\/\//i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Picture({ alt, src }: ComponentProps<"img">) {
  return (
    <span className="markdown-picture">
      Picture{alt === undefined || alt === "" ? "" : `: ${alt}`} {typeof src === "string" ? `(${src})` : ""}
    </span>
  );
}
