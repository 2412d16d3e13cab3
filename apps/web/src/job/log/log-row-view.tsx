import { memo, type CSSProperties } from "react";
import { formatBytes } from "../../format/bytes.ts";
import type { LogRow } from "./log-row.ts";
import type { Look } from "./look.ts";
import { type MarkedSpan, markSpans } from "./mark-spans.ts";
import { showLine } from "./terminal-line.ts";

interface LogRowViewProps {
  readonly row: LogRow;
  /** Counted from 1. */
  readonly line: number;
  readonly wanted: string;
  readonly withTime: boolean;
  readonly onPoint: (line: number) => void;
}

/** What is drawn of a line: more makes a browser slow, and nobody reads it here. */
const longestShown = 20_000;

/** One line of the log. Its text is text, whatever is in it. */
export const LogRowView = memo(function LogRowView({
  row,
  line,
  wanted,
  withTime,
  onPoint,
}: LogRowViewProps) {
  const { spans, hidden } = cut(showLine(row.text, row.before).spans);
  const unseen = hidden + row.cut;
  return (
    <>
      <a
        className="log-number"
        href={`#L${String(line)}`}
        aria-label={`Line ${String(line)}`}
        onClick={(event) => {
          event.preventDefault();
          onPoint(line);
        }}
      >
        {line}
      </a>
      {withTime ? (
        <time className="log-time" dateTime={row.time}>
          {row.time.slice(11, 23)}
        </time>
      ) : null}
      <span className="log-step">{row.step ?? ""}</span>
      <span className={`log-text log-${row.stream}`}>
        {markSpans(spans, wanted).map((span, place) => (
          <SpanView key={place} span={span} />
        ))}
        {unseen > 0 ? <em className="log-cut"> … {formatBytes(unseen)} more in this line</em> : null}
      </span>
    </>
  );
});

function SpanView({ span: { text, look, isHit } }: { readonly span: MarkedSpan }) {
  const inner = isHit ? <mark>{text}</mark> : text;
  const classes = classesOf(look);
  const style = styleOf(look);
  if (classes === "" && style === undefined) return inner;
  return (
    <span className={classes} style={style}>
      {inner}
    </span>
  );
}

function classesOf(look: Look): string {
  const kinds = (["bold", "dim", "italic", "underline", "strike", "inverse"] as const).filter(
    (kind) => look[kind],
  );
  return kinds.map((kind) => `ansi-${kind}`).join(" ");
}

function styleOf({ fg, bg, inverse }: Look): CSSProperties | undefined {
  if (inverse) return { color: colourOf(bg ?? "ground"), backgroundColor: colourOf(fg ?? "ink") };
  if (fg === null && bg === null) return undefined;
  const ink = fg === null && bg?.startsWith("#") === true ? readableOn(bg) : fg;
  return {
    ...(ink === null ? {} : { color: bg === null ? readable(ink) : colourOf(ink) }),
    ...(bg === null ? {} : { backgroundColor: groundOf(bg) }),
  };
}

const colourOf = (name: string) => (name.startsWith("#") ? name : `var(--ansi-${name})`);

/**
 * A colour of the program's own on the page's ground: as light, or as dark, as it takes to be read on it, in the program's hue.
 * The bounds are OKLab's lightness; a browser that does not know how (before 2024) shows it as all other text.
 */
const readable = (ink: string) =>
  ink.startsWith("#")
    ? `light-dark(oklch(from ${ink} min(l, 0.5) c h), oklch(from ${ink} max(l, 0.68) c h))`
    : colourOf(ink);

/** The palette is made to be read on the page's ground: so that all of it can be read on it, a ground of it is a tint. */
const groundOf = (name: string) =>
  name.startsWith("#") ? name : `color-mix(in srgb, var(--ansi-${name}) 14%, var(--ansi-ground))`;

/** Black or white, by how bright a ground is (the weights of ITU-R BT.601). */
function readableOn(ground: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#000000" : "#ffffff";
}

function cut(spans: ReturnType<typeof showLine>["spans"]) {
  let left = longestShown;
  let hidden = 0;
  const shown = spans.flatMap((span) => {
    const text = span.text.slice(0, Math.max(0, left));
    left -= span.text.length;
    hidden += span.text.length - text.length;
    return text === "" ? [] : [{ ...span, text }];
  });
  return { spans: shown, hidden };
}
