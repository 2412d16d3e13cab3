import type { Span } from "./terminal-line.ts";

export interface MarkedSpan extends Span {
  readonly isHit: boolean;
}

/** The spans of a line, cut where a text that is looked for begins and ends; it may go over several. */
export function markSpans(spans: readonly Span[], wanted: string): readonly MarkedSpan[] {
  const hits = findHits(spans.map(({ text }) => text).join(""), wanted.toLowerCase());
  const marked: MarkedSpan[] = [];
  let start = 0;
  for (const { text, look } of spans) {
    const end = start + text.length;
    for (let at = start; at < end;) {
      const hit = hits.find(([, to]) => to > at);
      const isHit = hit !== undefined && hit[0] <= at;
      const until = Math.min(end, hit === undefined ? end : isHit ? hit[1] : hit[0]);
      marked.push({ text: text.slice(at - start, until - start), look, isHit });
      at = until;
    }
    start = end;
  }
  return marked;
}

const mostHits = 200;

function findHits(text: string, wanted: string): readonly (readonly [number, number])[] {
  const lower = text.toLowerCase();
  // Where a letter has another length in lower case, places in one text are not those in the other.
  if (wanted === "" || lower.length !== text.length) return [];
  const hits: (readonly [number, number])[] = [];
  for (let at = lower.indexOf(wanted); at >= 0 && hits.length < mostHits;) {
    hits.push([at, at + wanted.length]);
    at = lower.indexOf(wanted, at + wanted.length);
  }
  return hits;
}
