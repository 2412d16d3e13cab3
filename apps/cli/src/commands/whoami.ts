import type { Me } from "@longshore/client";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { showBytes } from "../terminal/show-amounts.ts";
import { showRows } from "../terminal/show-rows.ts";

/** `longshore whoami`. */
export function addWhoami(program: Command, context: CommandContext): void {
  program
    .command("whoami")
    .description("shows who you are to the service: tenant, key, what it may do, and the tenant's limits")
    .action(async () => {
      const me = await (await context.client()).me({ signal: context.interrupts.stop });
      return context.asJson() ? context.json(me) : show(context, me);
    });
}

function show(
  context: CommandContext,
  { tenant, key, scopes, runs_service, limits, use }: Me,
): Promise<void> {
  const named =
    key === null ? "none: the service has no API keys" : `${key.prefix} (${key.name}), ${until(key)}`;
  const of = (used: string, most: string | null) =>
    most === null ? `${used}, no bound` : `${used} of ${most}`;
  const most = (limit: number | null) => (limit === null ? null : String(limit));
  const stored = limits.stored_mb === null ? null : `${String(limits.stored_mb)} MB`;
  const rows: readonly (readonly string[])[] = [
    ["tenant", tenant],
    ["key", named],
    ["may", `${scopes.join(", ")}${runs_service ? ", of all tenants" : ""}`],
    ["unfinished jobs", of(String(use.unfinished), most(limits.unfinished))],
    ["waiting jobs", of(String(use.queued), most(limits.queued))],
    ["jobs a minute", most(limits.per_minute) ?? "no bound"],
    ["stored", of(showBytes(use.stored_bytes), stored)],
  ];
  return showRows(context, ["WHAT", "IS"], rows);
}

function until({ expires_at: at }: NonNullable<Me["key"]>): string {
  return at === null ? "for good" : `until ${at}`;
}
