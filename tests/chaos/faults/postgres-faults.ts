import { spawn } from "node:child_process";
import { once } from "node:events";
import postgres from "postgres";
import { root } from "../../../scripts/root.ts";
import type { Fault, FaultContext } from "./fault.ts";

const database = { resource: "postgres", recovery: "healed" } as const;
const wires = ({ world }: FaultContext) => [...world.apis, ...world.workers].map((place) => place.postgres);

/** Faults of Postgres itself, and of all wires to it. */
export const postgresFaults: readonly Fault[] = [
  {
    ...{ name: "postgres-kill", row: 9, ...database, lengthMs: [500, 8_000] },
    inject: async ({ world, hit, lengthMs }) => {
      hit("all");
      await world.postgres.killFor(lengthMs);
      return true;
    },
  },
  {
    ...{ name: "postgres-frozen", row: 9, ...database, lengthMs: [4_000, 11_000] },
    inject: async ({ world, hit, last }) => {
      hit("all");
      const thaw = await world.postgres.freeze();
      await last();
      thaw();
      return true;
    },
  },
  {
    ...{ name: "postgres-cut", row: 9, ...database, lengthMs: [0, 0] },
    inject: async (context) => {
      context.hit("all");
      for (const wire of wires(context)) wire.cut();
      return Promise.resolve(true);
    },
  },
  {
    ...{ name: "postgres-refuses", row: 9, ...database, lengthMs: [3_000, 12_000] },
    inject: async (context) => {
      context.hit("all");
      for (const wire of wires(context)) wire.refuse();
      await context.last();
      await Promise.all(wires(context).map((wire) => wire.pass()));
      return true;
    },
  },
  {
    ...{ name: "postgres-slow", row: 9, ...database, lengthMs: [3_000, 8_000] },
    inject: async (context) => {
      context.hit("all");
      for (const wire of wires(context)) wire.slow(150);
      await context.last();
      await Promise.all(wires(context).map((wire) => wire.pass()));
      return true;
    },
  },
  {
    ...{ name: "postgres-no-connections", row: 10, ...database, lengthMs: [3_000, 8_000] },
    inject: async (context) => {
      context.hit("all");
      const held = await holdConnections(context.world.postgresUrl);
      // Whoever has none must now go without.
      for (const wire of wires(context)) wire.cut();
      await context.last();
      await held.end({ timeout: 1 });
      return true;
    },
  },
  {
    ...{ name: "migrations-at-once", row: 26, resource: "postgres", recovery: "healed", lengthMs: [0, 0] },
    inject: async ({ world, hit, timeline }) => {
      hit("all");
      const codes = await Promise.all([1, 2, 3, 4, 5].map(() => migrate(world.postgresUrl)));
      if (codes.some((code) => code !== 0))
        timeline.broken(0, null, `five migrations at once ended with ${codes.join(", ")}`);
      return true;
    },
  },
];

/** Takes the connections that are free, up to a hundred. */
async function holdConnections(url: string): Promise<postgres.Sql> {
  const connection = { application_name: "chaos" };
  const sql = postgres(url, { max: 100, connect_timeout: 3, fetch_types: false, connection });
  const holds = Array.from({ length: 90 }, () => sql`SELECT pg_sleep(0.3)`.catch(() => null));
  await Promise.all(holds);
  return sql;
}

async function migrate(url: string): Promise<number> {
  const program =
    'import { migrateDatabase } from "@longshore/shared/db/migrate"; await migrateDatabase(process.env.CHAOS_URL);';
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    env: { PATH: process.env["PATH"], CHAOS_URL: url },
    stdio: "ignore",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? -1;
}
