import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { DATABASE, USER } from "./cluster.ts";

/** Reads the password that lies in a cluster's folder. */
export async function readPassword(folder: string): Promise<Result<string, SetupFault>> {
  const file = join(folder, "password");
  const password = (await readFile(file, "utf8").catch(() => "")).trim();
  if (password !== "") return succeed(password);
  return fail({
    what: `${file} is missing or empty, and the database cannot be opened without it.`,
    advice: `Bring it back, or move ${folder} away to begin with an empty database.`,
  });
}

/** Where the server of a cluster is reached that listens on this port. */
export function connectionUrl(password: string, port: number): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}
