import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** The id by which this installation's containers are known on an engine. */
export async function readInstallationId(sql: Sql): Promise<string> {
  const rows = await within(sql<{ id: string }[]>`SELECT id FROM installation`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the table installation is empty: was the database migrated?");
  return id;
}

/** What signed links to archives are made from. It is told to nobody. */
export async function readLinkSecret(sql: Sql): Promise<Buffer> {
  const rows = await within(sql<{ linkSecret: Buffer }[]>`SELECT link_secret FROM installation`);
  const secret = rows[0]?.linkSecret;
  if (secret === undefined) throw new Error("the table installation is empty: was the database migrated?");
  return secret;
}

/** What agents know their owners by is made from this. It is told to nobody else. */
export async function readInstallationSecret(sql: Sql): Promise<string> {
  const rows = await within(sql<{ secret: string }[]>`SELECT secret FROM installation`);
  const secret = rows[0]?.secret;
  if (secret === undefined) throw new Error("the table installation is empty: was the database migrated?");
  return secret;
}
