import { useObjectUrl } from "../use-object-url.ts";
import type { PreviewProps } from "./preview-props.ts";

/** A PDF, in the browser's own viewer. Its type is ours, so that a page that is called PDF is none. */
export function PdfPreview({ path, bytes }: PreviewProps) {
  const url = useObjectUrl(bytes, "application/pdf");
  if (url === null) return null;
  if (!navigator.pdfViewerEnabled)
    return <p className="muted">This browser shows no PDF in a page: download it to open it.</p>;
  return <iframe className="pdf-preview" src={url} title={path.slice(path.lastIndexOf("/") + 1)} />;
}
