import type { Client, JobStatus, JobSummary } from "@longshore/client";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { readLabels } from "../request/read-pairs.ts";
import { colourOfStatus } from "../terminal/colour-of-status.ts";
import { printable } from "../terminal/printable.ts";
import { showAge, showSpan } from "../terminal/show-amounts.ts";
import { cutTo, toTable } from "../terminal/table.ts";
import { readDate } from "./read-date.ts";

interface ListOptions {
  readonly status?: readonly JobStatus[];
  readonly label?: readonly string[];
  readonly search?: string;
  readonly since?: string;
  readonly limit: number;
}

const statuses: readonly JobStatus[] = ["queued", "running", "succeeded", "failed", "cancelled"];
const longestPrompt = 200;

/** `longshore ls`. */
export function addLs(program: Command, context: CommandContext): void {
  program
    .command("ls")
    .description("lists your jobs, the newest first")
    .addOption(new Option("-s, --status <status...>", "in one of these states").choices(statuses))
    .option("-l, --label <key=value...>", "with all these labels")
    .option("-S, --search <text>", "with this in the prompt")
    .option(
      "--since <time>",
      "not older: 2026-11-30, 2026-11-30T12:00:00Z, or a span: 30m, 2h, 7d",
      readSince,
    )
    .option("-L, --limit <number>", "so many at most", readLimit, 30)
    .action((options: ListOptions) => list(context, options));
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { asJson, json, say, note, screen, interrupts } = context;
  const jobs = await readJobs(await context.client(), options, interrupts.stop);
  if (asJson()) return json(jobs);
  const { isTTY, columns, colours } = screen.out;
  if (!isTTY) for (const job of jobs) await say(plainRow(job).join("\t"));
  else if (jobs.length === 0) await note("No jobs.");
  else {
    const [head = "", ...rows] = toTable(
      ["ID", "STATUS", "AGE", "TOOK", "PROMPT"],
      jobs.map(shownRow),
      columns,
    );
    await say(colours.dim(head));
    for (const [index, row] of rows.entries()) {
      const status = jobs[index]?.status ?? "queued";
      // Only where the state stands, once the columns are set: colours have no width, but letters.
      await say(row.replace(status, colourOfStatus(status, colours)));
    }
  }
}

async function readJobs(
  client: Client,
  { status, label = [], search, since, limit }: ListOptions,
  signal: AbortSignal,
): Promise<readonly JobSummary[]> {
  const filter = {
    metadata: readLabels(label),
    ...(status === undefined ? {} : { status: [...status] }),
    ...(search === undefined ? {} : { q: search }),
    ...(since === undefined ? {} : { created_after: since }),
  };
  const jobs: JobSummary[] = [];
  for await (const job of client.list(filter, { pageSize: Math.min(limit, 200), signal })) {
    jobs.push(job);
    if (jobs.length >= limit) break;
  }
  return jobs;
}

/** For `cut` and `awk`: nothing is shortened but the prompt, and nothing in it is a tab or a newline. */
function plainRow({ job_id, status, created_at, timings_ms, prompt }: JobSummary): readonly string[] {
  return [job_id, status, created_at, String(timings_ms.total ?? ""), onOneLine(prompt)];
}

function shownRow({ job_id, status, created_at, timings_ms, prompt }: JobSummary): readonly string[] {
  const age = showAge(Date.now() - Date.parse(created_at));
  return [
    job_id,
    status,
    age,
    timings_ms.total === null ? "" : showSpan(timings_ms.total),
    onOneLine(prompt),
  ];
}

function onOneLine(prompt: string | null): string {
  return cutTo(
    printable(
      (prompt ?? "")
        .slice(0, 4 * longestPrompt)
        .replaceAll(/\s+/g, " ")
        .trim(),
    ),
    longestPrompt,
  );
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

const unitsMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

function readSince(text: string): string {
  const { count, unit = "" } = /^(?<count>\d{1,5})(?<unit>[mhdw])$/.exec(text)?.groups ?? {};
  const ms = count === undefined ? readDate(text) : Date.now() - Number(count) * (unitsMs[unit] ?? 0);
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new InvalidArgumentError("It must be a time, such as 2026-11-30T12:00:00Z, or a span, such as 2h.");
}
