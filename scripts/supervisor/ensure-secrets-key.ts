import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { parseSecretKeys } from "@longshore/shared/config/secret-keys";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";

/**
 * The key of jobs' secrets where SECRETS_KEY is not set: the one in DATA_DIR, made at the first start, readable for its
 * owner alone. Whoever has DATA_DIR's lock calls this; API and worker of `npm start` share the key.
 */
export async function ensureSecretsKey(dataDir: string): Promise<Result<string, SetupFault>> {
  const file = join(dataDir, "secrets.key");
  try {
    const known = await readKey(file);
    if (known === null) {
      const made = randomBytes(32).toString("base64");
      await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx", flush: true });
      return succeed(made);
    }
    await chmod(file, 0o600);
    if (parseSecretKeys({ SECRETS_KEY: known }).ok) return succeed(known);
  } catch (error) {
    return fail(systemFault(`Using the key file ${file}`, error));
  }
  return fail({
    what: `${file} holds no key of 32 bytes in base64.`,
    advice: "Put back the one that was there, or remove it: jobs that wait with secrets then cannot be run.",
  });
}

async function readKey(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
