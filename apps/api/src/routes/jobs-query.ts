import { cleanText, isCleanText } from "@longshore/shared/contracts/text";
import type { JobFilter } from "@longshore/shared/db/list-jobs";
import { jobStatuses } from "@longshore/shared/domain/job-state";
import { z } from "zod";
import { wholeNumberMeta, wholeNumberText } from "../openapi/parameters.ts";

const metadataPrefix = "metadata.";
const mostPairs = 16;

const firstYear = Date.parse("0001-01-01T00:00:00Z");
const afterLastYear = Date.parse("+010000-01-01T00:00:00Z");

const time = z.iso
  .datetime({ offset: true, error: "must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z" })
  .transform((text) => new Date(text))
  // In UTC, as an offset can lead out: PostgreSQL has no year 0, and Date writes a year of five digits as it cannot read.
  .refine((at) => at.getTime() >= firstYear, { error: "must be a time after the year 0" })
  .refine((at) => at.getTime() < afterLastYear, { error: "must be a time before the year 10000" })
  .optional();

const status = z.enum(jobStatuses);

/** The query of GET /jobs. `metadata.<key>` are found among the names that the shape does not have. */
export const jobsQuery = z
  .object({
    status: z
      .union([status, z.array(status)])
      .optional()
      .transform((given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]))
      .openapi({ type: "array", items: { type: "string", enum: [...jobStatuses] } }),
    q: cleanText(1, 1_000).optional().meta({ description: "A part of the prompt, case ignored." }),
    created_after: time.meta({ format: "date-time", description: "Inclusive." }),
    created_before: time.meta({ format: "date-time", description: "Inclusive." }),
    limit: wholeNumberText(1, 200)
      .default(50)
      .meta(wholeNumberMeta(1, 200, "Jobs at most.", 50)),
    cursor: z.string().optional().meta({
      description: "`next_cursor` of the page before; belongs to the filters that it was made with.",
    }),
  })
  .catchall(z.unknown())
  .superRefine((query, context) => {
    const names = Object.keys(query).filter((name) => !known.has(name));
    const pairs = names.filter((name) => name.startsWith(metadataPrefix));
    const strangers = names.filter((name) => !name.startsWith(metadataPrefix));
    if (strangers.length > 0) {
      context.addIssue({ code: "unrecognized_keys", keys: strangers, input: query });
    }
    if (pairs.length > mostPairs) {
      context.addIssue({
        code: "custom",
        message: `must have at most ${String(mostPairs)} metadata filters`,
      });
    }
    for (const name of pairs) {
      const fault = pairFault(name.slice(metadataPrefix.length), query[name]);
      if (fault !== null) context.addIssue({ code: "custom", path: [name], message: fault });
    }
  });

const known: ReadonlySet<string> = new Set([
  "status",
  "q",
  "created_after",
  "created_before",
  "limit",
  "cursor",
]);

/** How the filters by label are documented. */
export const metadataParameter = {
  name: "metadata.<key>",
  in: "query" as const,
  description: "Jobs that have this label: `metadata.team=blue`. May be given for several keys.",
  schema: { type: "string" as const },
};

function pairFault(key: string, value: unknown): string | null {
  if (key === "") return "must name a key: metadata.<key>=<value>";
  if (typeof value !== "string") return "must be given once";
  return isCleanText(key) && isCleanText(value) ? null : "must not contain NUL or lone surrogates";
}

/** The filter that a query asks for. */
export function toJobFilter(query: z.output<typeof jobsQuery>): JobFilter {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith(metadataPrefix) && typeof value === "string"
      ? [[name.slice(metadataPrefix.length), value] as const]
      : [],
  );
  return {
    statuses: query.status,
    metadata: Object.fromEntries(pairs),
    q: query.q ?? null,
    createdAfter: query.created_after ?? null,
    createdBefore: query.created_before ?? null,
  };
}
