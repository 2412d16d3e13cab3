import { useState } from "react";
import { shownMediaType } from "../preview-kind.ts";
import { useObjectUrl } from "../use-object-url.ts";
import type { PreviewProps } from "./preview-props.ts";

/** A sound, which does not begin by itself. */
export function AudioPreview(props: PreviewProps) {
  return <Player {...props} as="audio" />;
}

/** A film, which does not begin by itself. */
export function VideoPreview(props: PreviewProps) {
  return <Player {...props} as="video" />;
}

/** Which formats can be played, only the browser knows, and it says so when it has tried. */
function Player({ path, bytes, as: Media }: PreviewProps & { readonly as: "audio" | "video" }) {
  const url = useObjectUrl(bytes, shownMediaType(path));
  const [isUnplayable, setUnplayable] = useState(false);
  if (url === null) return null;
  if (isUnplayable)
    return <p className="muted">This browser cannot play it: download it to open it with another program.</p>;
  return (
    <Media
      className="media-preview"
      controls
      src={url}
      aria-label={path}
      onError={() => setUnplayable(true)}
    />
  );
}
