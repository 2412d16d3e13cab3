import type { Key } from "@longshore/client";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { confirm } from "../terminal/confirm.ts";
import { printable } from "../terminal/printable.ts";
import { showRows } from "../terminal/show-rows.ts";
import { readTimeToCome } from "./time-to-come.ts";

type Scope = Key["scopes"][number];

interface CreateOptions {
  readonly name: string;
  readonly tenant?: string;
  readonly scopes?: Scope[];
  readonly expires?: string;
}

interface RevokeOptions {
  readonly yes?: boolean;
  readonly lastAdmin?: boolean;
}

const scopes: readonly Scope[] = ["jobs:read", "jobs:write", "admin"];

/** `longshore keys`. */
export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command("keys").description("API keys of the service, for keys with the scope admin");
  keys
    .command("ls")
    .description("lists the keys of your tenant, the newest first; of all, for who runs the service")
    .option("--tenant <name>", "of this one alone")
    .action((options: { readonly tenant?: string }) => list(context, options));
  keys
    .command("create")
    .description("makes a key, and prints it, once")
    .requiredOption("--name <name>", "what it is for")
    .option("--tenant <name>", "whose jobs it is for (yours)")
    .option("--scopes <list>", `of ${scopes.join(", ")}, with commas between (the first two)`, readScopes)
    .option("--expires <when>", "2027-01-31, 2027-01-31T12:00:00Z, or a span: 12h, 90d, 4w", readTimeToCome)
    .action((options: CreateOptions) => create(context, options));
  keys
    .command("revoke")
    .description("ends a key: the next request with it is refused")
    .argument("<key>", "its prefix or its id")
    .addOption(new Option("-y, --yes", "do not ask"))
    .option("--last-admin", "even where its tenant has no other with the scope admin")
    .action((given: string, options: RevokeOptions) => revoke(context, given, options));
}

async function list(context: CommandContext, { tenant }: { readonly tenant?: string }): Promise<void> {
  const all = await (await context.client()).keys({ signal: context.interrupts.stop });
  const shown = all.filter((key) => tenant === undefined || key.tenant === tenant);
  if (context.asJson()) return context.json(shown);
  if (shown.length === 0) return context.note("No keys.");
  const head = ["PREFIX", "STATE", "TENANT", "SCOPES", "EXPIRES", "LAST USED", "NAME"];
  const rows = shown.map((key) => [
    ...[key.prefix, key.state, key.tenant, key.scopes.join(",")],
    ...[key.expires_at ?? "never", key.last_used_at ?? "never", key.name],
  ]);
  return showRows(context, head, rows);
}

/** The key alone on stdout, so that it can go where it is to be kept without being seen; what there is to know beside it. */
async function create(context: CommandContext, { expires, ...given }: CreateOptions): Promise<void> {
  const client = await context.client();
  const wanted = { ...given, ...(expires === undefined ? {} : { expires_at: expires }) };
  const made = await client.createKey(wanted, { signal: context.interrupts.stop });
  const { key, prefix, tenant } = made;
  if (key === null) {
    throw new CliError(
      "local",
      `The key ${printable(prefix)} was made, and the answer with its secret got lost on the way`,
      `End it, and make another one: longshore keys revoke ${printable(prefix)}`,
    );
  }
  if (context.asJson()) return context.json(made);
  await context.say(printable(key));
  const until = made.expires_at === null ? "for good" : `until ${made.expires_at}`;
  const what = `✓ A key of ${tenant}, with ${made.scopes.join(", ")}, ${until}.`;
  await context.note(`${printable(what)} It is not stored, and cannot be shown again.`);
}

async function revoke(context: CommandContext, given: string, options: RevokeOptions): Promise<void> {
  const { interrupts, asJson, json, say, note, end } = context;
  const client = await context.client();
  // A key that leaked is at hand as it is; its secret goes nowhere.
  const named = /^lsk_[a-z2-7]{8}(?=_)/.exec(given)?.[0] ?? given;
  if (options.yes !== true && !(await confirm(context, `Revoke the key ${printable(named)}?`))) {
    await note("Nothing was revoked.");
    return end(exitCodes.jobFailed);
  }
  const evenLastAdmin = options.lastAdmin === true;
  const revoked = await client.revokeKey(named, { evenLastAdmin, signal: interrupts.stop });
  if (asJson()) await json(revoked);
  else await say(printable(`✓ ${revoked.prefix} (${revoked.name}) of ${revoked.tenant} is revoked`));
}

function readScopes(text: string): Scope[] {
  const names = new Set(text.split(/[\s,]+/).filter((name) => name !== ""));
  const known = scopes.filter((scope) => names.has(scope));
  if (known.length > 0 && known.length === names.size) return known;
  throw new InvalidArgumentError(`It must be of ${scopes.join(", ")}, with commas between.`);
}
