// The least that a service can do that promises to keep what it accepts: one route, one insert. A program of its own, with
// the address of a database as its argument; says its port on stdout.
import { randomUUID } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import postgres from "postgres";

/** As many as the API has for its statements. */
const connections = 8;

const sql = postgres(process.argv[2] ?? "", { max: connections, onnotice: () => undefined });
await sql`CREATE TABLE jobs (id uuid PRIMARY KEY, request jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`;

const app = new Hono().post("/schedule", async (context) => {
  const request: unknown = await context.req.json();
  const id = randomUUID();
  await sql`INSERT INTO jobs (id, request) VALUES (${id}, ${JSON.stringify(request)}::text::jsonb)`;
  return context.json({ job_id: id }, 202);
});
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.stdout.write(`${String(port)}\n`);
});
