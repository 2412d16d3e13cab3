import type { z } from "zod";
import { fail, type Result, succeed } from "../domain/result.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the environment by a schema whose keys are the variables' names. An empty variable counts as
 * unset. Fails with every fault at once, one sentence each, that names the variable and never its value where the
 * name says that it is secret.
 */
export function parseSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
): Result<z.output<Schema>, readonly string[]> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return succeed(parsed.data);
  return fail(parsed.error.issues.map((issue) => toSentence(issue, given)));
}

function toSentence(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const name = issue.path.map(String).join(".");
  const value = given[name];
  const shown =
    value === undefined || /KEY|URL|PASSWORD|SECRET/.test(name)
      ? ""
      : ` (is ${JSON.stringify(value.slice(0, 80))})`;
  return `${name} ${issue.message}${shown}`;
}
