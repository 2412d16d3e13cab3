import { languageOf } from "../code/languages.ts";
import { readText } from "./read-text.ts";

export const previewKinds = [
  ...(["image", "pdf", "table", "markdown", "json", "notebook", "audio", "video", "text"] as const),
] as const;

export type PreviewKind = (typeof previewKinds)[number];

const byExtension: Readonly<Record<string, PreviewKind>> = {
  ...{ png: "image", jpg: "image", jpeg: "image", gif: "image", webp: "image", avif: "image", bmp: "image" },
  ...{
    svg: "image",
    ico: "image",
    pdf: "pdf",
    csv: "table",
    tsv: "table",
    md: "markdown",
    markdown: "markdown",
  },
  ...{ json: "json", geojson: "json", ipynb: "notebook" },
  ...{ mp3: "audio", wav: "audio", ogg: "audio", flac: "audio", m4a: "audio", opus: "audio" },
  ...{ mp4: "video", webm: "video", mov: "video", m4v: "video", ogv: "video" },
  ...{ txt: "text", log: "text", ndjson: "text", html: "text", htm: "text" },
};

const mebibyte = 1_048_576;

/** What is fetched of a file for its preview, at most, in bytes: pictures and films are of use as wholes alone. */
export const mostBytes: Readonly<Record<PreviewKind, number>> = {
  ...{ image: 32 * mebibyte, pdf: 32 * mebibyte, audio: 64 * mebibyte, video: 128 * mebibyte },
  ...{ table: 4 * mebibyte, markdown: mebibyte, json: 2 * mebibyte, notebook: 16 * mebibyte, text: mebibyte },
};

/** Kinds of which the beginning alone is of no use. */
export const wholeKinds: ReadonlySet<PreviewKind> = new Set(["image", "pdf", "audio", "video", "notebook"]);

/** How a file is shown, by its name; null where its bytes have to say whether it is text. */
export function previewKindOf(path: string): PreviewKind | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (Object.hasOwn(byExtension, extension)) return byExtension[extension] ?? null;
  return languageOf(name) === null ? null : "text";
}

/** The media types under which a browser may show what a job made: each shows, and none runs anything. */
const shownAs: Readonly<Record<string, string>> = {
  ...{ png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  ...{ avif: "image/avif", bmp: "image/bmp", svg: "image/svg+xml", ico: "image/x-icon" },
  ...{ pdf: "application/pdf", mp3: "audio/mpeg", wav: "audio/wav", ogg: "audio/ogg", flac: "audio/flac" },
  ...{ m4a: "audio/mp4", opus: "audio/ogg", mp4: "video/mp4", webm: "video/webm", mov: "video/mp4" },
  ...{ m4v: "video/mp4", ogv: "video/ogg" },
};

/** The media type of a file that is shown by the browser itself; that of unknown bytes for all others. */
export function shownMediaType(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(shownAs, extension) ? shownAs[extension] : undefined) ?? "application/octet-stream";
}

const sniffedBytes = 4_096;

/** Whether bytes are text that can be read, by the first of them: in it is no NUL, and nothing that is no character. */
export function isText(bytes: Uint8Array): boolean {
  // A character that is cut off at the end is no fault of the file's.
  const text = readText(bytes.subarray(0, sniffedBytes), false);
  return !text.includes("\0") && !text.includes("\ufffd");
}
