import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** The id by which this installation's containers are known on an engine. */
export async function readInstallationId(sql: Sql): Promise<string> {
  return theOne(await within(sql<{ id: string }[]>`SELECT id FROM installation`)).id;
}

/** What signed links to archives are made from. It is told to nobody. */
export async function readLinkSecret(sql: Sql): Promise<Buffer> {
  return theOne(await within(sql<{ linkSecret: Buffer }[]>`SELECT link_secret FROM installation`)).linkSecret;
}

/** What agents know their owners by is made from this. It is told to nobody else. */
export async function readInstallationSecret(sql: Sql): Promise<string> {
  return theOne(await within(sql<{ secret: string }[]>`SELECT secret FROM installation`)).secret;
}

function theOne<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("the table installation is empty: was the database migrated?");
  return row;
}
