import type { Database } from "@longshore/shared/db/connect-database";
import { defaultScopes } from "@longshore/shared/contracts/new-key";
import { localTenant, type Scope, scopes } from "@longshore/shared/domain/access";
import { Command, Option } from "commander";
import type { OwnLimits } from "@longshore/shared/domain/tenant-limits";
import { changeLimits } from "./change-limits.ts";
import { createApiKey } from "./create-api-key.ts";
import {
  readExpiry,
  readLimit,
  readName,
  readScopes,
  readTenant,
  readTenantLimit,
  type TenantLimit,
} from "./options.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import type { Said } from "./said.ts";
import { showAudit } from "./show-audit.ts";
import { showKeys } from "./show-keys.ts";

/** Opens the database for a command, runs it, and prints what it says. `migrates`: the schema may be brought up to date. */
export type RunOnDatabase = (
  act: (database: Database) => Promise<Said>,
  options: { readonly migrates: boolean },
) => Promise<void>;

const json = () => new Option("--json", "for machines").default(false);
const ofTenant = () => new Option("--tenant <name>", "of this tenant alone").argParser(readTenant);

/** The commands, which throw a CommanderError where they are used wrongly, after they have said how. */
export function createKeysProgram(run: RunOnDatabase): Command {
  const program = new Command("npm run keys --").description("API keys of the service").exitOverride();
  program
    .command("create")
    .description("makes a key, and shows it, once")
    .requiredOption("--name <name>", "what it is for", readName)
    .option("--tenant <name>", "whose jobs it is for", readTenant, localTenant)
    .option("--scopes <list>", `of ${scopes.join(", ")}, with commas between`, readScopes, defaultScopes)
    .option(
      "--expires <when>",
      "a time (2027-01-31, 2027-01-31T12:00:00Z) or a span (12h, 90d); never, if left out",
      readExpiry,
    )
    .addOption(json())
    .action((given: CreateOptions) =>
      run(({ sql }) => createApiKey(sql, { ...given, expiresAt: given.expires ?? null }), { migrates: true }),
    );
  program
    .command("list")
    .description("lists all keys, without their secrets")
    .addOption(ofTenant())
    .addOption(json())
    .action(({ tenant, json: asJson }: ListOptions) =>
      run(({ sql }) => showKeys(sql, { tenant: tenant ?? null, json: asJson }), { migrates: false }),
    );
  program
    .command("revoke")
    .description("ends a key: the next request with it is refused")
    .argument("<key>", "its prefix or id, or the key itself")
    .addOption(json())
    .action((named: string, { json: asJson }: ListOptions) =>
      run(({ sql }) => revokeApiKey(sql, { named, json: asJson }), { migrates: false }),
    );
  addLimits(program, run);
  addAudit(program, run);
  return program;
}

function addLimits(program: Command, run: RunOnDatabase): void {
  const bound = "a number, none, or default: as the service's settings say";
  program
    .command("limits")
    .description("shows which tenants have limits of their own, and changes those that are given")
    .addOption(ofTenant())
    .option("--unfinished <number>", `jobs that may wait or run: ${bound}`, readTenantLimit)
    .option("--queued <number>", "jobs that may wait", readTenantLimit)
    .option("--per-minute <number>", "jobs that may be submitted in a minute", readTenantLimit)
    .option("--stored-mb <number>", "size of its archives and logs together", readTenantLimit)
    .addOption(json())
    .action(({ tenant, json: asJson, ...given }: LimitsOptions) => {
      const changes: Partial<OwnLimits> = Object.fromEntries(
        Object.entries(given).map(([limit, value]) => [limit, value === "default" ? null : value]),
      );
      return run((database) => changeLimits(database, { tenant: tenant ?? null, changes, json: asJson }), {
        migrates: false,
      });
    });
}

function addAudit(program: Command, run: RunOnDatabase): void {
  program
    .command("audit")
    .description("shows what was done with keys, and which jobs were cancelled and deleted, the newest first")
    .addOption(ofTenant())
    .option("--key <key>", "of this key alone: its prefix or id")
    .option("--limit <number>", "so many lines", readLimit, 50)
    .addOption(json())
    .action(({ tenant, key, limit, json: asJson }: AuditOptions) =>
      run(
        (database) =>
          showAudit(database, { tenant: tenant ?? null, named: key ?? null, limit, json: asJson }),
        {
          migrates: false,
        },
      ),
    );
}

interface ListOptions {
  readonly tenant?: string;
  readonly json: boolean;
}
interface LimitsOptions extends Readonly<Partial<Record<keyof OwnLimits, TenantLimit>>> {
  readonly tenant?: string;
  readonly json: boolean;
}
interface CreateOptions {
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly expires?: Date;
  readonly json: boolean;
}
interface AuditOptions extends ListOptions {
  readonly key?: string;
  readonly limit: number;
}
