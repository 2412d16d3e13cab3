import { type ComponentType, lazy } from "react";
import type { PreviewKind } from "../preview-kind.ts";
import type { PreviewProps } from "./preview-props.ts";

/** What shows each kind of file, loaded when the first of its kind is looked at. */
export const previews: Readonly<Record<PreviewKind, ComponentType<PreviewProps>>> = {
  image: lazy(async () => ({ default: (await import("./image-preview.tsx")).ImagePreview })),
  pdf: lazy(async () => ({ default: (await import("./pdf-preview.tsx")).PdfPreview })),
  table: lazy(async () => ({ default: (await import("./table-preview.tsx")).TablePreview })),
  markdown: lazy(async () => ({ default: (await import("./markdown-preview.tsx")).MarkdownPreview })),
  json: lazy(async () => ({ default: (await import("./json-preview.tsx")).JsonPreview })),
  notebook: lazy(async () => ({ default: (await import("./notebook-preview.tsx")).NotebookPreview })),
  audio: lazy(async () => ({ default: (await import("./media-preview.tsx")).AudioPreview })),
  video: lazy(async () => ({ default: (await import("./media-preview.tsx")).VideoPreview })),
  text: lazy(async () => ({ default: (await import("./text-preview.tsx")).TextPreview })),
};
