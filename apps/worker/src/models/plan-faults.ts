import type { z } from "zod";

const mostFaults = 20;
const longestFault = 300;

/** What is wrong with a plan, a sentence for each fault, beginning with its JSON pointer; bounded, as a model reads it. */
export function planFaults(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const faults = issues
    .flatMap((issue) => sentences(issue))
    .map((fault) => fault.slice(0, longestFault).toWellFormed());
  if (faults.length <= mostFaults) return faults;
  return [...faults.slice(0, mostFaults), `… and ${String(faults.length - mostFaults)} more faults`];
}

function sentences(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pointer([...issue.path, key])}: is not a known member, leave it out`);
  }
  return [`${pointer(issue.path) || "the plan"}: ${issue.message}`];
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
