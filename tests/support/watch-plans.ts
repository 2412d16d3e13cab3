import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { z } from "zod";
import { administer } from "./administer.ts";
import { createMessageSplitter } from "./message-splitter.ts";

/** A scan of a table in a plan, as the server carried it out. */
export interface Scan {
  readonly table: string;
  readonly type: string;
  /** Rows of the table that it has looked at. */
  readonly rows: number;
  readonly statement: string;
}

/** What the statements that go by this address really do. */
export interface PlanWatch {
  /** Of the same database. */
  readonly url: string;
  /** The scans of all that was sent since the last call, of what functions and triggers have sent, too. */
  take(): readonly Scan[];
  close(): Promise<void>;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Actual Rows"?: number | undefined;
  readonly "Actual Loops"?: number | undefined;
  readonly "Rows Removed by Filter"?: number | undefined;
  readonly "Rows Removed by Index Recheck"?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const planNode: z.ZodType<PlanNode> = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Actual Rows": z.number().optional(),
  "Actual Loops": z.number().optional(),
  "Rows Removed by Filter": z.number().optional(),
  "Rows Removed by Index Recheck": z.number().optional(),
  get Plans() {
    return z.array(planNode).optional();
  },
});
const explained = z.object({ "Query Text": z.string(), Plan: planNode });

/** The type of a message that tells a notice. */
const notice = "N".charCodeAt(0);

const settings = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_timing": "off",
  "auto_explain.log_format": "json",
  // Told to the client instead of the server's log.
  "auto_explain.log_level": "notice",
  "auto_explain.log_nested_statements": "on",
};

/**
 * Has the server tell the plan of each statement, by which it really runs, to whoever sends it; and stands before the
 * server to hear that. New connections to the database alone are told.
 */
export async function watchPlans(databaseUrl: string): Promise<PlanWatch> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const name = url.pathname.slice(1);
  for (const [setting, value] of Object.entries(settings))
    await administer(databaseUrl, `ALTER DATABASE ${name} SET ${setting} = '${value}'`);
  const sockets = new Set<Socket>();
  let scans: Scan[] = [];
  const proxy = createServer((client) => {
    const server = connect(target);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
    client.pipe(server);
    const read = createMessageSplitter((message) => {
      if (message[0] === notice) scans.push(...readScans(textOf(message.subarray(5))));
    });
    server.on("data", (piece: Buffer) => {
      read(piece);
      client.write(piece);
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  url.hostname = "127.0.0.1";
  url.port = String(address.port);
  return {
    url: url.href,
    take: () => {
      const taken = scans;
      scans = [];
      return taken;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}

function textOf(fields: Buffer): string {
  const field = fields
    .toString("utf8")
    .split("\0")
    .find((each) => each.startsWith("M"));
  return field?.slice(1) ?? "";
}

function readScans(told: string): readonly Scan[] {
  const [, json] = /^duration: \S+ ms {2}plan:\n(.*)$/s.exec(told) ?? [];
  if (json === undefined) return [];
  const { Plan: top, "Query Text": statement } = explained.parse(JSON.parse(json));
  return scansOf(top).map((scan) => ({ ...scan, statement }));
}

function scansOf(node: PlanNode): readonly Omit<Scan, "statement">[] {
  const below = (node.Plans ?? []).flatMap(scansOf);
  const table = node["Relation Name"];
  if (table === undefined || !node["Node Type"].endsWith("Scan")) return below;
  const each = [
    node["Actual Rows"],
    node["Rows Removed by Filter"],
    node["Rows Removed by Index Recheck"],
  ].reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
  return [...below, { table, type: node["Node Type"], rows: each * (node["Actual Loops"] ?? 1) }];
}
