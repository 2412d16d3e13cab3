import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { commonSettings } from "@longshore/shared/config/common-settings";
import { parseSettings } from "@longshore/shared/config/parse-settings";
import { parseApiConfig } from "../../apps/api/src/config.ts";
import { parseWorkerConfig } from "../../apps/worker/src/config.ts";

export interface ServiceSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
}

/** Stands for the embedded database, which starts only after all settings were found right. */
const LATER = "postgres://127.0.0.1/longshore";

/** What `npm start` needs of the settings; or every fault of the service's, as both parts see them, each once. */
export function readServiceSettings(env: NodeJS.ProcessEnv): Result<ServiceSettings, readonly string[]> {
  const common = parseSettings(commonSettings, env);
  const completed = { ...env, DATABASE_URL: env["DATABASE_URL"]?.trim() || LATER };
  const api = parseApiConfig(completed);
  const worker = parseWorkerConfig(completed);
  if (common.ok && api.ok && worker.ok) {
    const { DATA_DIR, DATABASE_URL } = common.value;
    const { host, port } = api.value;
    return succeed({ host, port, dataDir: DATA_DIR, databaseUrl: DATABASE_URL ?? null });
  }
  return fail([...new Set([common, api, worker].flatMap((parsed) => (parsed.ok ? [] : parsed.failure)))]);
}

/** One message with all of them. */
export function describeSettingsFaults(faults: readonly string[]): string {
  return `\n✗ The configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}\n`).join("")}`;
}
