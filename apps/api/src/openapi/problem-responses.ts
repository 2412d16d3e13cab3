import { problem } from "@longshore/shared/contracts/problem";
import { problemMediaType, type ProblemCode, problems, type ProblemStatus } from "../problem.ts";

interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly [problemMediaType]: { readonly schema: typeof problem } };
}

type ProblemResponses<Code extends ProblemCode> = {
  readonly [Status in ProblemStatus<Code>]: ProblemResponse;
};

/** What every route can answer, whatever is asked: see `middleware/`. */
const everywhere = ["invalid_query", "internal", "database_unavailable"] as const satisfies ProblemCode[];

/** The documented error answers of a route, by status: these codes and those of every route. */
export function problemResponses<Code extends ProblemCode>(
  ...codes: readonly Code[]
): ProblemResponses<Code | (typeof everywhere)[number]> {
  const all: readonly ProblemCode[] = [...new Set<ProblemCode>([...codes, ...everywhere])];
  const responses = Object.groupBy(all, (code) => problems[code].status);
  const entries = Object.entries(responses).map(([status, of]) => [status, describe(of)]);
  // safety: the keys are the statuses of exactly these codes.
  return Object.fromEntries(entries) as ProblemResponses<Code | (typeof everywhere)[number]>;
}

function describe(codes: readonly ProblemCode[]): ProblemResponse {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join("; ");
  return { description, content: { [problemMediaType]: { schema: problem } } };
}
