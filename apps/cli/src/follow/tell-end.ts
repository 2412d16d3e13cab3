import type { Job } from "@longshore/client";
import type { CommandContext } from "../command-context.ts";
import { printable } from "../terminal/printable.ts";
import { showBytes, showCount, showSpan } from "../terminal/show-amounts.ts";

/** Says on stderr how a job ended, and why. */
export async function tellEnd(job: Job, { note, screen }: CommandContext): Promise<void> {
  const { green, red, yellow } = screen.err.colours;
  const { total } = job.timings_ms;
  const span = total === null ? "" : ` after ${showSpan(total)}`;
  if (job.status === "succeeded") await note(`${green("✓")} succeeded${span}`);
  if (job.status === "cancelled") await note(`${yellow("✗")} cancelled${span}`);
  if (job.status === "failed" && job.failure !== null) {
    const { code, message, retryable } = job.failure;
    await note(`${red("✗")} failed${span}: ${code}: ${printable(message)}`);
    if (retryable) await note(`  Trying again can help: longshore again ${job.job_id}`);
  }
}

/** Says where the outputs are to be had. */
export async function tellOutputs({ job_id, output }: Job, { note, screen }: CommandContext): Promise<void> {
  if (output === null || output.files === 0) return;
  const { dim } = screen.err.colours;
  const size = `${showCount(output.files, "file")}, ${showBytes(output.bytes)}`;
  await note(dim(`  ${size}: longshore download ${job_id} --out DIR`));
}
