import "./code-block.css";
import { lazy, Suspense } from "react";

const HighlightedText = lazy(async () => {
  try {
    return { default: (await import("./highlighted-text.tsx")).HighlightedText };
  } catch {
    // The service went away just now: code without colours is worth more than a notice in its place.
    return { default: PlainText };
  }
});

function PlainText({ text }: { readonly text: string; readonly language: string }) {
  return text;
}

interface CodeBlockProps {
  readonly text: string;
  /** As `languages.ts` has it; null for plain text. */
  readonly language: string | null;
  readonly label: string;
}

/** Above this, highlighting would hold up the page for longer than one waits gladly, in characters. */
const mostHighlighted = 100_000;

/** Program text, in colours where its language is known and it is not too long. */
export function CodeBlock({ text, language, label }: CodeBlockProps) {
  const isPlain = language === null || text.length > mostHighlighted;
  return (
    // Can be scrolled by keys, and says what it is.
    <pre className="code-block" tabIndex={0} role="region" aria-label={label}>
      <code>
        {isPlain ? (
          text
        ) : (
          <Suspense fallback={text}>
            <HighlightedText text={text} language={language} />
          </Suspense>
        )}
      </code>
    </pre>
  );
}
