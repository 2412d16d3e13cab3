import { dirname } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { startService } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { makeKey } from "../support/test-keys.ts";
import { cliOutcomesTestsuite } from "./cli/outcomes.testsuite.ts";
import { cliKeysTestsuite } from "./cli/keys.testsuite.ts";
import { cliLooksTestsuite } from "./cli/looks.testsuite.ts";
import { cliOutputsTestsuite } from "./cli/outputs.testsuite.ts";
import { cliTerminalTestsuite } from "./cli/terminal.testsuite.ts";
import { mcpRefusalsTestsuite } from "./cli/mcp-refusals.testsuite.ts";
import { mcpTestsuite } from "./cli/mcp.testsuite.ts";
import { installPackedCli, type PackedCli } from "./cli/packed-cli.ts";
import { clientTestsuite } from "./client.testsuite.ts";
import { documentedRecipesTestsuite } from "./documented-recipes.testsuite.ts";
import type { Face } from "./face.ts";
import { recipesTestsuite } from "./recipes.testsuite.ts";

// One service and one program for all that people and programs hold in their hands: to start and to pack them takes longer
// than most tests.
const SECRETS_KEY = Buffer.alloc(32, 9).toString("base64");
let stack: Stack;
let cli: PackedCli;
let face: Face;
beforeAll(async () => {
  cli = await installPackedCli();
  stack = await startStack({ backend: "postgres", env: { WARM_POOL_SIZE: "2", SECRETS_KEY } });
  const { key } = await makeKey(stack.database.sql, "face", ["jobs:read", "jobs:write"]);
  const { key: adminKey } = await makeKey(stack.database.sql, "local", ["admin"]);
  const { port } = await stack.api().logged(({ msg }) => msg === "listening");
  const startApi = (port: number) => {
    const { database, archiveFolder } = stack;
    const shared = { DATABASE_URL: database.url, DATA_DIR: dirname(archiveFolder), SECRETS_KEY };
    return startService("api", { ...shared, PORT: String(port) });
  };
  const expire = async (jobId: string) =>
    void (await stack.database.sql`UPDATE jobs SET expired_at = longshore_now() WHERE id = ${jobId}`);
  face = { url: `http://127.0.0.1:${String(port)}`, key, adminKey, cli, expire, startApi };
});
afterAll(async () => {
  await stack.stop();
  await cli.remove();
});

clientTestsuite(() => face);
recipesTestsuite(() => face);
documentedRecipesTestsuite(() => face);
cliOutcomesTestsuite(() => face);
cliTerminalTestsuite(() => face);
cliOutputsTestsuite(() => face);
cliLooksTestsuite(() => face);
cliKeysTestsuite(() => face);
mcpTestsuite(() => face);
mcpRefusalsTestsuite(() => face);
