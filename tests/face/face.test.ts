import { afterAll, beforeAll } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";
import { makeKey } from "../support/test-keys.ts";
import { clientTestsuite } from "./client.testsuite.ts";
import { documentedRecipesTestsuite } from "./documented-recipes.testsuite.ts";
import type { Face } from "./face.ts";
import { recipesTestsuite } from "./recipes.testsuite.ts";

// One service for all that people and programs hold in their hands: starting it takes longer than most tests.
let stack: Stack;
let face: Face;
beforeAll(async () => {
  stack = await startStack({ backend: "postgres", env: { WARM_POOL_SIZE: "2" } });
  const { key } = await makeKey(stack.database.sql, "face", ["jobs:read", "jobs:write"]);
  const { port } = await stack.api().logged(({ msg }) => msg === "listening");
  face = { url: `http://127.0.0.1:${String(port)}`, key };
});
afterAll(() => stack.stop());

clientTestsuite(() => face);
recipesTestsuite(() => face);
documentedRecipesTestsuite(() => face);
