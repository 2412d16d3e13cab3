// First, as it prepares zod for the rest.
import { readApiDocument } from "../support/api-document.ts";
import { expect, test } from "vitest";
import { writeTypes } from "../../packages/client/generate/write-types.ts";

test("the client's types are those of the service's OpenAPI document", async () => {
  // The version is no part of the types.
  const types = await writeTypes(await readApiDocument("0.0.0"));
  // After a change of the API: npx vitest run --project structure client-types -u
  await expect(types).toMatchFileSnapshot("../../packages/client/src/generated/openapi.ts");
});
