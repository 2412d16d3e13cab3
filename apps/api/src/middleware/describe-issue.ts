import type { z } from "zod";
import type { RequestFault } from "../problem.ts";
import { toPointerStep } from "./pointer-step.ts";

type Issue = z.core.$ZodIssue;

/** The faults that a body's schema found, each with the JSON pointer of what is wrong and a sentence. */
export function toBodyFaults(issues: readonly Issue[]): readonly RequestFault[] {
  return issues.flatMap((issue) => toInnerFaults(issue, "")).slice(0, mostFaults);
}

/** The same of the query. A parameter is named whole, given once or several times. */
export function toQueryFaults(issues: readonly Issue[]): readonly RequestFault[] {
  return issues.flatMap((issue) => toFaults(issue, "/query")).slice(0, mostFaults);
}

// A body of 32 MiB can be wrong a million times; a caller mends the first few anyway.
const mostFaults = 50;

/** Of a union of which one branch was meant, what is wrong inside of it. */
function toInnerFaults(issue: Issue, root: string): readonly RequestFault[] {
  const meant = meantBranch(issue);
  if (meant === null) return toFaults(issue, root);
  return meant.flatMap((inner) => toInnerFaults(inner, toPointer(root, issue.path)));
}

function toFaults(issue: Issue, root: string): readonly RequestFault[] {
  const pointer = toPointer(root, issue.path);
  // A strict object reports unknown keys at itself; the pointer is to name each key.
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, mostFaults).map((key) => ({
      pointer: toPointer(pointer, [key]),
      detail: "is not a known name here: check its spelling",
    }));
  }
  return [{ pointer, detail: toSentence(issue) }];
}

/** Of a union, the one branch that was plainly meant, as it is wrong only further inside: its faults say where. */
function meantBranch(issue: Issue): readonly Issue[] | null {
  if (issue.code !== "invalid_union" || "discriminator" in issue) return null;
  const meant = issue.errors.filter(
    (branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0),
  );
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

function toSentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? `is required, and must be ${withArticle(issue.expected)}`
        : `must be ${withArticle(issue.expected)}`;
    case "too_small":
    case "too_big":
      return toBoundSentence(issue);
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return "discriminator" in issue && typeof issue.discriminator === "string"
        ? `must be one of the known values of ${JSON.stringify(issue.discriminator)}`
        : toUnionSentence(issue);
    default:
      return issue.message;
  }
}

function toBoundSentence(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const bound =
    issue.code === "too_big" ? `at most ${String(issue.maximum)}` : `at least ${String(issue.minimum)}`;
  if (issue.origin === "array") return `must have ${bound} entries`;
  if (issue.origin === "string") return `must have ${bound} characters`;
  return `must be ${bound}`;
}

function toUnionSentence(issue: z.core.$ZodIssueInvalidUnion): string {
  const ways = issue.errors.flatMap((branch) => branch.slice(0, 1).map(toSentence));
  return ways.length === 0 ? issue.message : ways.join(", or ");
}

function withArticle(type: string): string {
  const name = type === "int" ? "whole number" : type === "record" ? "object" : type;
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

/** A JSON pointer (RFC 6901); the whole is "". */
function toPointer(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, name) => pointer + toPointerStep(name), root);
}
