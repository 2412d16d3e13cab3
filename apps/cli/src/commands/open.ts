import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { openBrowser } from "../terminal/open-browser.ts";
import { findJobId, withJobId } from "./job-id.ts";

/** `longshore open`. */
export function addOpen(program: Command, context: CommandContext): void {
  withJobId(program.command("open"))
    .description("opens a job's page in the browser, or prints its address where there is none")
    .option("--print", "print the address alone")
    .action(async (given: string, { print = false }: { readonly print?: boolean }) => {
      const { interrupts, asJson, json, say, note, screen, surroundings } = context;
      const client = await context.client();
      const id = await findJobId(client, given, interrupts.stop);
      // Where there is no such job, this says so; the page could not do so better.
      const { job_id } = await client.status(id, { signal: interrupts.stop });
      const address = jobPage((await context.settings()).url, job_id);
      if (asJson()) return json({ job_id, url: address });
      const isOpened = !print && screen.out.isTTY && (await openBrowser(address, surroundings.env));
      if (isOpened) await note(`Opened ${address}`);
      else await say(address);
    });
}

/** The page of a job in the service's web interface. */
export function jobPage(service: URL, id: string): string {
  const base = service.href.endsWith("/") ? service.href : `${service.href}/`;
  return new URL(`ui/jobs/${encodeURIComponent(id)}`, base).href;
}
