import { existsSync } from "node:fs";
import { join } from "node:path";

/** Adds the settings of the file `.env`, where there is one. What the environment already has goes before. */
export function loadEnvFile(root: string): void {
  const file = join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
