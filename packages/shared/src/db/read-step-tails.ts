import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** A line that a Step of the plan in hand has printed. */
export interface PrintedLine {
  readonly step: number;
  readonly text: string;
}

/** The last lines, at most `limit`, that Steps of an Attempt's present plan have printed, oldest first. */
export async function readStepTails(
  sql: Sql,
  { jobId, attempt, limit }: { readonly jobId: string; readonly attempt: number; readonly limit: number },
): Promise<readonly PrintedLine[]> {
  const newestFirst = await within(sql<PrintedLine[]>`
    SELECT step, text FROM job_events
     WHERE job_id = ${jobId}::uuid AND attempt = ${attempt} AND type = 'log' AND stream <> 'system'
       AND step IS NOT NULL
       AND seq > coalesce((SELECT max(seq) FROM job_events
                            WHERE job_id = ${jobId}::uuid AND attempt = ${attempt} AND type = 'plan'), 0)
     ORDER BY seq DESC LIMIT ${limit}`);
  return newestFirst.toReversed();
}
