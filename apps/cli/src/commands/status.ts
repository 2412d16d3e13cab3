import type { Job } from "@longshore/client";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCodeOfStatus } from "../exit-codes.ts";
import { colourOfStatus } from "../terminal/colour-of-status.ts";
import { printable } from "../terminal/printable.ts";
import { showAge, showBytes, showCount, showSpan } from "../terminal/show-amounts.ts";
import { toTable } from "../terminal/table.ts";
import { findJobId, withJobId } from "./job-id.ts";

/** `longshore status`. */
export function addStatus(program: Command, context: CommandContext): void {
  withJobId(program.command("status"))
    .description("shows where a job is, its steps, and how it ended")
    .option("--exit-status", "end as the job did, with 5 where it has not ended")
    .action(async (given: string, { exitStatus = false }: { readonly exitStatus?: boolean }) => {
      const { interrupts, asJson, json, say, end, screen } = context;
      const client = await context.client();
      const id = await findJobId(client, given, interrupts.stop);
      const job = await client.status(id, { signal: interrupts.stop });
      if (exitStatus) end(exitCodeOfStatus[job.status]);
      if (asJson()) return json(job);
      for (const line of describeJob(job, screen.out)) await say(line);
    });
}

function describeJob(job: Job, { colours, columns }: CommandContext["screen"]["out"]): readonly string[] {
  const { bold, dim, red } = colours;
  const { total, queued, sandbox_start: start, analyze, steps } = job.timings_ms;
  const spans = Object.entries({ queued, sandbox: start, analyze, steps, total })
    .flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${showSpan(ms)}`]))
    .join(", ");
  const labels = Object.entries(job.metadata).map(([key, value]) => printable(`${key}=${value}`));
  const calls = job.usage.calls.length;
  const { cost, input_tokens: given, output_tokens: made } = job.usage;
  const paid = cost === undefined ? "" : `, ${String(cost.amount)} ${cost.currency}`;
  const rows: readonly (readonly [string, string])[] = [
    ["created", `${job.created_at} (${showAge(Date.now() - Date.parse(job.created_at))})`],
    ["attempt", job.attempt > 1 ? String(job.attempt) : ""],
    ["took", spans],
    ["labels", labels.join(" ")],
    [
      "models",
      calls === 0
        ? ""
        : `${showCount(calls, "call")}, ${String(given)} tokens in, ${String(made)} out${paid}`,
    ],
    [
      "output",
      job.output === null
        ? ""
        : `${showCount(job.output.files, "file")}, ${showBytes(job.output.bytes)}, until ${job.output.expires_at}`,
    ],
  ];
  return [
    `${bold(job.job_id)} ${colourOfStatus(job.status, colours)}${job.node === null ? "" : ` · ${job.node}`}`,
    ...(job.cancel_requested_at === null || job.finished_at !== null ? [] : ["  to be cancelled"]),
    ...(job.failure === null ? [] : [red(`  ${job.failure.code}: ${printable(job.failure.message)}`)]),
    ...(job.prompt === null ? [] : [`  ${firstLine(job.prompt)}`]),
    ...rows.flatMap(([name, value]) => (value === "" ? [] : [`  ${dim(name.padEnd(8))}${value}`])),
    ...(job.plan === null ? [] : ["", ...stepLines(job.plan.steps, columns)]),
  ];
}

function stepLines(steps: NonNullable<Job["plan"]>["steps"], columns: number): readonly string[] {
  const rows = steps.map(({ index, kind, status, exit_code, duration_ms, name }) => [
    `  ${String(index)}`,
    kind,
    status,
    exit_code === null ? "" : String(exit_code),
    duration_ms === null ? "" : showSpan(duration_ms),
    printable(name ?? ""),
  ]);
  return toTable(["  #", "STEP", "STATUS", "EXIT", "TOOK", "NAME"], rows, columns);
}

function firstLine(prompt: string): string {
  const [first = "", ...more] = prompt.trim().split("\n");
  return `${printable(first.slice(0, 200))}${more.length > 0 || first.length > 200 ? " …" : ""}`;
}
