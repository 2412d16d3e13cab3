import { useMemo, useState } from "react";
import { CodeBlock } from "../../code/code-block.tsx";
import { plainLook } from "../../job/log/look.ts";
import { plainText } from "../../job/log/terminal-line.ts";
import { readText } from "../read-text.ts";
import { useObjectUrl } from "../use-object-url.ts";
import { MarkdownText } from "./markdown-text.tsx";
import type { PreviewProps } from "./preview-props.ts";
import { type CellOutput, type NotebookCell, readNotebook } from "./read-notebook.ts";

/** A notebook as it was saved: nothing of it runs. */
export function NotebookPreview({ path, bytes }: PreviewProps) {
  const text = useMemo(() => readText(bytes, true), [bytes]);
  const notebook = useMemo(() => readNotebook(text), [text]);
  if (notebook === null) return <NoNotebook path={path} text={text} />;
  return (
    <div className="notebook">
      {notebook.cells.map((cell, place) => (
        <Cell key={place} cell={cell} language={notebook.language} />
      ))}
      {notebook.hiddenCells > 0 ? (
        <p className="muted">{notebook.hiddenCells} more cells are in the download.</p>
      ) : null}
    </div>
  );
}

/** What is drawn as text of a file that is called a notebook and is none, in characters. */
const mostAsText = 1_048_576;

function NoNotebook({ path, text }: { readonly path: string; readonly text: string }) {
  return (
    <>
      {text.length > mostAsText ? (
        <p className="file-preview-cut" role="status">
          This is no notebook. Its beginning is shown as text: the rest is in the download.
        </p>
      ) : null}
      <CodeBlock text={text.slice(0, mostAsText)} language="json" label={path} />
    </>
  );
}

function Cell({ cell, language }: { readonly cell: NotebookCell; readonly language: string }) {
  if (cell.kind === "markdown") return <MarkdownText text={cell.text} />;
  return (
    <div className="notebook-cell">
      <span className="notebook-count muted">
        {cell.kind === "code" ? `[${String(cell.count ?? " ")}]` : ""}
      </span>
      <div className="notebook-content">
        <CodeBlock text={cell.text} language={cell.kind === "code" ? language : null} label="Cell" />
        {cell.outputs.map((output, place) => (
          <Output key={place} output={output} />
        ))}
      </div>
    </div>
  );
}

function Output({ output }: { readonly output: CellOutput }) {
  switch (output.kind) {
    case "text":
      return (
        <pre className={output.isError ? "notebook-error" : "notebook-text"}>
          {withoutColours(output.text)}
        </pre>
      );
    case "image":
      return <Picture bytes={fromBase64(output.base64)} mediaType={output.mediaType} />;
    case "svg":
      return <Picture bytes={new TextEncoder().encode(output.text)} mediaType="image/svg+xml" />;
    case "left":
      return <p className="muted">Not shown: {output.mediaTypes.join(", ")}</p>;
  }
}

function Picture({
  bytes,
  mediaType,
}: {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly mediaType: string;
}) {
  const held = useMemo(() => bytes ?? new Uint8Array(), [bytes?.length]);
  const url = useObjectUrl(held, mediaType);
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <p className="muted">Not shown: {mediaType}, which is broken</p>;
  if (url === null) return null;
  return (
    <img className="notebook-picture" src={url} alt="Output of the cell" onError={() => setBroken(true)} />
  );
}

const withoutColours = (text: string) =>
  text
    .split("\n")
    .map((line) => plainText(line, plainLook))
    .join("\n");

/** Null where it is none. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
