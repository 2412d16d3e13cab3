import { useState } from "react";
import { shownMediaType } from "../preview-kind.ts";
import { useObjectUrl } from "../use-object-url.ts";
import type { PreviewProps } from "./preview-props.ts";

/** A picture. An SVG is one, too: as the source of an image it runs no script and loads nothing. */
export function ImagePreview({ path, bytes }: PreviewProps) {
  const url = useObjectUrl(bytes, shownMediaType(path));
  const [size, setSize] = useState<string | null>(null);
  const [isBroken, setBroken] = useState(false);
  if (url === null) return null;
  if (isBroken) return <p className="muted">This is no picture that the browser can show: download it.</p>;
  return (
    <figure className="image-preview">
      <img
        src={url}
        alt={`Output ${path.slice(path.lastIndexOf("/") + 1)}`}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize(`${String(naturalWidth)} × ${String(naturalHeight)}`)
        }
        onError={() => setBroken(true)}
      />
      <figcaption className="muted">{size}</figcaption>
    </figure>
  );
}
