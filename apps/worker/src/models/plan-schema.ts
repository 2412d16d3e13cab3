import { modelPlan } from "@longshore/shared/contracts/plan";
import { z } from "zod";

/** A node of a JSON Schema, with the keywords that the reduced form uses. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

const schemaNode: z.ZodType<FullNode> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    items: schemaNode.optional(),
    anyOf: z.array(schemaNode).optional(),
    oneOf: z.array(schemaNode).optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    required: z.array(z.string()).optional(),
  }),
);

interface FullNode {
  type?: string | undefined;
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  items?: FullNode | undefined;
  anyOf?: FullNode[] | undefined;
  oneOf?: FullNode[] | undefined;
  properties?: Record<string, FullNode> | undefined;
  required?: string[] | undefined;
}

/**
 * The contract's plan in the subset of JSON Schema that OpenAI's strict mode asks for, and that vLLM and Ollama
 * turn into a grammar: every member required, those that may be left out nullable, nothing additional, no ranges.
 * The ranges are checked when the answer is read; a null is read as left out.
 */
export const planSchema: SchemaNode = reduce(schemaNode.parse(z.toJSONSchema(modelPlan, { io: "input" })));

function reduce(node: FullNode): SchemaNode {
  const about = node.description === undefined ? {} : { description: node.description };
  const variants = node.oneOf ?? node.anyOf;
  if (variants !== undefined) return { ...about, anyOf: variants.map(reduce) };
  const values = node.const === undefined ? node.enum : [node.const];
  return {
    ...about,
    ...(node.type === undefined ? {} : { type: node.type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(node.items === undefined ? {} : { items: reduce(node.items) }),
    ...(node.properties === undefined ? {} : reduceMembers(node.properties, node.required ?? [])),
  };
}

function reduceMembers(
  properties: Readonly<Record<string, FullNode>>,
  required: readonly string[],
): SchemaNode {
  const members = Object.entries(properties).map(([name, member]): [string, SchemaNode] => {
    const reduced = reduce(member);
    return [name, required.includes(name) ? reduced : { anyOf: [reduced, { type: "null" }] }];
  });
  return {
    properties: Object.fromEntries(members),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
