import type { JobFilter, JobStatus } from "@longshore/client";

export const statuses = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelled",
] as const satisfies readonly JobStatus[];

/** Since when a job may have been made, as the address of the page says it. */
export const spans = [
  { value: "", name: "Any time", seconds: null },
  { value: "hour", name: "Last hour", seconds: 3_600 },
  { value: "day", name: "Last 24 hours", seconds: 86_400 },
  { value: "week", name: "Last 7 days", seconds: 604_800 },
] as const;

/** What the list is filtered by, in the address: what is shown can be kept, sent and gone back to. */
export interface ListFilter {
  readonly statuses: readonly JobStatus[];
  readonly text: string;
  readonly span: (typeof spans)[number]["value"];
  /** Labels, `key=value`. */
  readonly labels: readonly string[];
}

/** Reads it from the query of the address; what is none is left out. */
export function readFilter(search: URLSearchParams): ListFilter {
  return {
    statuses: statuses.filter((status) => search.getAll("status").includes(status)),
    text: search.get("q") ?? "",
    span: spans.find(({ value }) => value === search.get("since"))?.value ?? "",
    labels: search.getAll("label").filter((label) => label.includes("=")),
  };
}

/** The query of the address that says this. */
export function writeFilter({ statuses: chosen, text, span, labels }: ListFilter): URLSearchParams {
  const search = new URLSearchParams(chosen.map((status) => ["status", status]));
  if (text !== "") search.set("q", text);
  if (span !== "") search.set("since", span);
  for (const label of labels) search.append("label", label);
  return search;
}

/** Since when a job may have been made, in ms since 1970; null where that does not matter. */
export function beginOf({ span }: Pick<ListFilter, "span">, now: number): number | null {
  const seconds = spans.find(({ value }) => value === span)?.seconds ?? null;
  return seconds === null ? null : now - seconds * 1_000;
}

/** What the service is asked with. Spans of time end at `now`. */
export function toJobFilter(filter: ListFilter, now: number): JobFilter {
  const { statuses: chosen, text, labels } = filter;
  const begin = beginOf(filter, now);
  const pairs = labels.map((label) => {
    const at = label.indexOf("=");
    return [label.slice(0, at), label.slice(at + 1)] as const;
  });
  return {
    ...(chosen.length === 0 ? {} : { status: [...chosen] }),
    ...(text.trim() === "" ? {} : { q: text.trim() }),
    ...(begin === null ? {} : { created_after: new Date(begin).toISOString() }),
    ...(pairs.length === 0 ? {} : { metadata: Object.fromEntries(pairs) }),
  };
}

/** True where every job fits. */
export function isEverything(filter: ListFilter): boolean {
  return writeFilter(filter).size === 0;
}
