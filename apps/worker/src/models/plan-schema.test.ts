import { stepKinds } from "@longshore/shared/contracts/step";
import { expect, test } from "vitest";
import { toGeminiSchema } from "./gemini-schema.ts";
import { planSchema, type SchemaNode } from "./plan-schema.ts";

/** Every node of a schema. */
function* nodesOf(node: SchemaNode): Generator<SchemaNode> {
  yield node;
  const below = [
    ...Object.values(node.properties ?? {}),
    ...(node.anyOf ?? []),
    ...(node.items ? [node.items] : []),
  ];
  for (const each of below) yield* nodesOf(each);
}

test("the schema has every Step kind", () => {
  const kinds = planSchema.properties?.["steps"]?.items?.anyOf?.map(
    (step) => step.properties?.["kind"]?.enum?.[0],
  );
  expect(kinds).toEqual(stepKinds);
});

test("every object is closed and requires all its members, as strict servers demand", () => {
  for (const node of nodesOf(planSchema)) {
    if (node.type !== "object") continue;
    expect(node.additionalProperties).toBe(false);
    expect(node.required).toEqual(Object.keys(node.properties ?? {}));
  }
});

test("only the keywords of the reduced form are used", () => {
  const known = [
    "type",
    "description",
    "enum",
    "items",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
  ];
  for (const node of nodesOf(planSchema)) expect(known).toEqual(expect.arrayContaining(Object.keys(node)));
});

test("for Gemini the Step kinds become one object that requires only the kind", () => {
  expect(toGeminiSchema(planSchema)).toMatchObject({
    type: "object",
    required: ["steps"],
    properties: {
      steps: {
        type: "array",
        items: {
          required: ["kind"],
          properties: {
            kind: { type: "string", format: "enum", enum: [...stepKinds] },
            command: { type: "string" },
            code: { type: "string" },
            path: { type: "string" },
            content: { type: "string" },
            timeout_seconds: { type: "integer" },
            continue_on_error: { type: "boolean" },
          },
        },
      },
    },
  });
  expect(JSON.stringify(toGeminiSchema(planSchema))).not.toMatch(/anyOf|additionalProperties|null/);
});
