import type { LimitChanges, Tenant } from "@longshore/client";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { showBytes } from "../terminal/show-amounts.ts";
import { showRows } from "../terminal/show-rows.ts";

/** `none` and `default` are words here: what reads the command line takes null for an option without a value. */
type Limit = number | "none" | "default";

interface LimitOptions {
  readonly unfinished?: Limit;
  readonly queued?: Limit;
  readonly perMinute?: Limit;
  readonly storedMb?: Limit;
}

/** `longshore tenants`. */
export function addTenants(program: Command, context: CommandContext): void {
  const bound = "a number, none, or default: as the service's settings say";
  const tenants = program
    .command("tenants")
    .description("tenants, their limits and what they use, for keys with the scope admin");
  tenants
    .command("ls")
    .description("lists yours; all, for who runs the service")
    .action(async () => {
      const all = await (await context.client()).tenants({ signal: context.interrupts.stop });
      return context.asJson() ? context.json(all) : show(context, all);
    });
  tenants
    .command("limits")
    .description("shows a tenant's limits, and changes those that are given, for who runs the service")
    .argument("<tenant>", "its name")
    .option("--unfinished <number>", `jobs that may wait or run: ${bound}`, readLimit)
    .option("--queued <number>", "jobs that may wait", readLimit)
    .option("--per-minute <number>", "jobs that may be submitted in a minute", readLimit)
    .option("--stored-mb <number>", "size of its archives and logs together", readLimit)
    .action(async (name: string, options: LimitOptions) => {
      const tenant = await limit(context, name, options);
      return context.asJson() ? context.json(tenant) : show(context, [tenant]);
    });
}

async function limit(context: CommandContext, name: string, options: LimitOptions): Promise<Tenant> {
  const { stop: signal } = context.interrupts;
  const client = await context.client();
  const changes = toChanges(options);
  if (Object.keys(changes).length > 0) return client.limitTenant(name, changes, { signal });
  const found = (await client.tenants({ signal })).find((tenant) => tenant.name === name);
  if (found !== undefined) return found;
  const advice =
    "`longshore tenants ls` has those that there are; any may be given limits before it has keys.";
  throw new CliError("wrong_use", `There is no tenant ${JSON.stringify(name)}`, advice);
}

function toChanges({ unfinished, queued, perMinute, storedMb }: LimitOptions): LimitChanges {
  const given = { unfinished, queued, per_minute: perMinute, stored_mb: storedMb };
  const changes = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === "default" ? null : value === "none" ? 0 : value] as const],
  );
  return Object.fromEntries(changes);
}

/** Use against what holds; a dash where there is no bound. */
function show(context: CommandContext, tenants: readonly Tenant[]): Promise<void> {
  const head = ["TENANT", "KEYS", "UNFINISHED", "QUEUED", "PER MINUTE", "STORED"];
  const of = (use: string, most: string | number | null) => `${use} of ${String(most ?? "-")}`;
  const rows = tenants.map(({ name, keys, limits, use }) => [
    ...[name, String(keys), of(String(use.unfinished), limits.unfinished)],
    ...[of(String(use.queued), limits.queued), String(limits.per_minute ?? "-")],
    of(showBytes(use.stored_bytes), limits.stored_mb === null ? null : `${String(limits.stored_mb)} MB`),
  ]);
  return showRows(context, head, rows);
}

function readLimit(text: string): Limit {
  if (text === "none" || text === "default") return text;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1 to 999999999, none, or default.");
}
