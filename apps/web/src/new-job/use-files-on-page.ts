import { useEffect, useState } from "react";

interface FilesOnPage {
  readonly onDrop: (files: readonly File[]) => void;
  readonly onPaste: (files: readonly File[]) => void;
}

/** Takes files that are dropped or pasted anywhere on the page; true while some are held over it. */
export function useFilesOnPage({ onDrop, onPaste }: FilesOnPage): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    const dragOver = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      // Else the browser would open what is dropped in place of this page.
      event.preventDefault();
      setOver(true);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onDrop(files);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // Programs that copy text put a picture of it beside it: the text is meant.
      if (files.length === 0 || event.clipboardData?.types.includes("text/plain") === true) return;
      event.preventDefault();
      onPaste(files);
    };
    document.addEventListener("dragover", dragOver, { signal });
    document.addEventListener("dragleave", () => setOver(false), { signal });
    document.addEventListener("drop", drop, { signal });
    document.addEventListener("paste", paste, { signal });
    return () => over.abort();
  });
  return isOver;
}
