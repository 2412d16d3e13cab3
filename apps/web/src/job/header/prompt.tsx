const longestInTitle = 120;

/** The whole prompt, where the title could not have it. */
export function Prompt({ prompt }: { readonly prompt: string | null }) {
  if (prompt === null || (!prompt.includes("\n") && prompt.length <= longestInTitle)) return null;
  return (
    <details className="job-prompt">
      <summary>The whole prompt</summary>
      <pre tabIndex={0}>{prompt}</pre>
    </details>
  );
}
