import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import type { Sql } from "@longshore/shared/db/connect-database";
import Dockerode from "dockerode";
import type { JobClient } from "./job-client.ts";
import type { RedisServer } from "./redis-server.ts";
import type { ServiceProcess } from "./service-process.ts";

/** What a place where a secret could come to light holds, by the place's name. */
export type Sinks = Readonly<Record<string, string>>;

/** All that these hold, by name. */
export function joinSinks(...sinks: readonly Sinks[]): Sinks {
  const joined: Record<string, string> = {};
  for (const each of sinks)
    for (const [name, text] of Object.entries(each)) joined[name] = `${joined[name] ?? ""}${text}\n`;
  return joined;
}

/** Everything that a client can ask about these Jobs, the files in their archives included. */
export async function clientSinks(client: JobClient, jobIds: readonly string[]): Promise<Sinks> {
  const ask = async (path: string, init?: RequestInit) => {
    const response = await client.request(path, init);
    return `${JSON.stringify([...response.headers])}\n${await response.text()}`;
  };
  const sinks: Sinks[] = [];
  for (const path of ["/", "/health", "/ready", "/metrics", "/jobs", "/openapi.json"])
    sinks.push({ [`GET ${path}`]: await ask(path) });
  for (const id of jobIds) {
    for (const path of ["/status", "/events", "/logs"])
      sinks.push({ [`GET ${path}`]: await ask(`${path}/${id}`) });
    sinks.push({ "GET /logs as text": await ask(`/logs/${id}?format=text`) });
    sinks.push({ "POST /cancel": await ask(`/cancel/${id}`, { method: "POST" }) });
    const { zip } = await client.download(id);
    for (const name of zip.names) {
      const place = name.startsWith("outputs/") ? "outputs" : name;
      sinks.push({ [place]: `${name}\n${zip.bytes(name).toString("latin1")}` });
    }
  }
  return joinSinks(...sinks);
}

/** A link to the Job's Archive that `anybody` has used, and all that was said on the way, without the link's own signature. */
export async function linkSinks(
  client: JobClient,
  anybody: JobClient,
  jobId: string,
): Promise<{ readonly signature: string; readonly sinks: Sinks }> {
  const made = await client.request(`/jobs/${jobId}/download-link`, { method: "POST" });
  const answer = `${JSON.stringify([...made.headers])}\n${await made.text()}`;
  const [link, signature] = /\/shared\/[^"]+signature=([\w-]{43})/.exec(answer) ?? [];
  if (link === undefined || signature === undefined) throw new Error(`there is no link in ${answer}`);
  const used: string[] = [];
  for (const path of [link, link.slice(0, -1), `${link}x`]) {
    const response = await anybody.request(path);
    const [said, headers] = [await response.text(), JSON.stringify([...response.headers])];
    used.push(`${String(response.status)} ${headers}\n${response.ok ? "" : said}`);
  }
  const sinks = {
    "POST /jobs/{id}/download-link": answer.replaceAll(signature, ""),
    "GET /shared": used.join("\n"),
  };
  return { signature, sinks };
}

/** What the service says of requests to schedule that it refuses. */
export async function refusalSinks(client: JobClient, bodies: readonly string[]): Promise<Sinks> {
  const headers = { "content-type": "application/json" };
  const refusals = await Promise.all(
    bodies.map(async (body) => {
      const response = await client.request("/schedule", { method: "POST", headers, body });
      if (response.status < 400) throw new Error(`it was not refused: ${body}`);
      return response.text();
    }),
  );
  return { "problem responses": refusals.join("\n") };
}

/** Every row of every table, all columns as text, those of the queue included. */
export async function databaseSinks(sql: Sql): Promise<Sinks> {
  const tables = await sql<{ name: string }[]>`
    SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`;
  const sinks: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ line: string }[]>(`SELECT t::text AS line FROM ${name} AS t`);
    sinks[`table ${name}`] = rows.map(({ line }) => line).join("\n");
  }
  return sinks;
}

/** Every file below a folder, as it lies there. */
export async function folderSinks(name: string, folder: string): Promise<Sinks> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
  return { [name]: [...files.map((file) => file.name), ...texts].join("\n") };
}

/** Every command that changed this Redis, as it keeps them, and so also what is no more there. */
export async function redisSinks(redis: RedisServer): Promise<Sinks> {
  // safety: CONFIG GET of one setting answers its name and its value.
  const [, folder] = (await redis.run("CONFIG", "GET", "dir")) as [string, string];
  return folderSinks("redis", folder);
}

/** What the engine, and so whoever may ask it, knows of a Job that runs, since this time in seconds. */
export async function containerSinks(jobId: string, sinceSeconds: number): Promise<Sinks> {
  const docker = new Dockerode();
  const [found] = await docker.listContainers({ all: true, filters: { name: [jobId] } });
  if (found === undefined) throw new Error(`job ${jobId} has no container`);
  const container = docker.getContainer(found.Id);
  const image = docker.getImage(found.ImageID);
  // The engine answers until this second is over.
  const until = Math.ceil(Date.now() / 1_000);
  const events = await docker.getEvents({
    ...{ since: sinceSeconds, until },
    filters: { container: [found.Id] },
  });
  return {
    "container inspect": JSON.stringify([found, await container.inspect()]),
    "processes of the container": JSON.stringify(await container.top({ ps_args: "-eo pid,args" })),
    "image history": JSON.stringify([await image.history(), await image.inspect()]),
    "events of the engine": await readText(events),
  };
}

/** What a part of the service has said, and what everybody on the machine sees of it. */
export function partSinks(name: string, { log, complaints, pid }: ServiceProcess): Sinks {
  return {
    [`output of the ${name}`]: `${log.map((line) => JSON.stringify(line)).join("\n")}\n${complaints()}`,
    "process list": execFileSync("ps", ["-o", "args=", "-p", String(pid)]).toString(),
  };
}
