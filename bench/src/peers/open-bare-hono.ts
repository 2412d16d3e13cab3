import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "@longshore/shared/runtime/node-flags";
import { createDatabase } from "../world/create-database.ts";

/** The bare Hono route as a process of its own, under the same flags of Node as the API, on a database of its own. */
export interface BareHono extends AsyncDisposable {
  readonly url: string;
}

export async function openBareHono(postgresUrl: string): Promise<BareHono> {
  await using opened = new AsyncDisposableStack();
  const database = await createDatabase(postgresUrl);
  opened.defer(() => database.drop());
  const program = fileURLToPath(new URL("bare-hono.ts", import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, program, database.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  opened.defer(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const [port] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error("the bare Hono route ended before it listened"))),
  ]);
  const kept = opened.move();
  return { url: `http://127.0.0.1:${String(port)}`, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
