import { useObjectUrl } from "../use-object-url.ts";
import type { PreviewProps } from "./preview-props.ts";

/** A PDF, in the browser's own viewer. Its type is ours, so that a page that is called PDF is none. */
export function PdfPreview({ path, bytes }: PreviewProps) {
  const url = useObjectUrl(bytes, "application/pdf");
  if (!isPdf(bytes)) return <p className="muted">This is no PDF that could be shown: download it.</p>;
  if (url === null) return null;
  if (!navigator.pdfViewerEnabled)
    return <p className="muted">This browser shows no PDF in a page: download it to open it.</p>;
  return <iframe className="pdf-preview" src={url} title={path.slice(path.lastIndexOf("/") + 1)} />;
}

/** Readers look for its mark in so many bytes. */
const mostBefore = 1_024;

function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, mostBefore)).includes("%PDF-");
}
