import type { Sql } from "./connect-database.ts";
import { gatherTenantJobs, type InsertJob, type TenantLine } from "./gather-tenant-jobs.ts";
import type { NewJob } from "./insert-job.ts";

/** Characters of a Job that is stored with others: it must not keep them waiting. */
const mostCharacters = 64 * 1_024;

/**
 * Gives `insertJob` for callers that come at the same time: Jobs of one tenant are stored together (`createGatherer`), each
 * with its own outcome. Tenants share no statement: what a tenant may use is counted in a row of its own, which may be held,
 * and then its Jobs alone wait. Should a statement fail by one Job, or meet such a row, they are stored one after the other.
 * Throws {@link DatabaseAway} at once where too many wait, but {@link TenantRowHeld} where they do for such a row.
 */
export function createJobInserter(sql: Sql): InsertJob {
  const lines = new Map<string, { readonly line: TenantLine; callers: number }>();
  const entryOf = (tenant: string) => {
    const entry = lines.get(tenant) ?? { line: gatherTenantJobs(sql), callers: 0 };
    lines.set(tenant, entry);
    return entry;
  };
  return async (job) => {
    const { tenant } = job.caller;
    const entry = entryOf(tenant);
    entry.callers += 1;
    try {
      return await (isSmall(job) ? entry.line.insertSmall(job) : entry.line.insertLarge(job));
    } finally {
      entry.callers -= 1;
      if (entry.callers === 0) lines.delete(tenant);
    }
  };
}

function isSmall({ request, secrets }: NewJob): boolean {
  // Of what is sealed its size is known at once.
  if (secrets !== undefined && secrets !== null) return secrets.bytes.length <= mostCharacters;
  let characters = 0;
  for (const text of textsOf(request)) {
    characters += text.length;
    if (characters > mostCharacters) return false;
  }
  return true;
}

/** What may be long in a request; the rest is bounded by little. */
function* textsOf({ prompt = "", files, steps = [], env }: NewJob["request"]): Generator<string> {
  yield prompt;
  for (const { content } of files) yield content;
  for (const step of steps) {
    if (step.kind === "write_file") yield step.content;
    else yield step.kind === "python" ? step.code : step.command;
  }
  yield* Object.values(env);
}
