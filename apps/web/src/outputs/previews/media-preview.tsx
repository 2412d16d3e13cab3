import { shownMediaType } from "../preview-kind.ts";
import { useObjectUrl } from "../use-object-url.ts";
import type { PreviewProps } from "./preview-props.ts";

/** A sound, which does not begin by itself. */
export function AudioPreview({ path, bytes }: PreviewProps) {
  const url = useObjectUrl(bytes, shownMediaType(path));
  return url === null ? null : <audio className="media-preview" controls src={url} aria-label={path} />;
}

/** A film, which does not begin by itself. */
export function VideoPreview({ path, bytes }: PreviewProps) {
  const url = useObjectUrl(bytes, shownMediaType(path));
  return url === null ? null : <video className="media-preview" controls src={url} aria-label={path} />;
}
