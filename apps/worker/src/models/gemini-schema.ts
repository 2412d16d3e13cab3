import { type Schema, SchemaType } from "@google/generative-ai";
import type { SchemaNode } from "./plan-schema.ts";

/**
 * The schema in Gemini's subset of OpenAPI: no unions and no `additionalProperties`. The variants of a union become
 * one object that may have the members of each; which belong together is checked when the answer is read.
 */
export function toGeminiSchema(node: SchemaNode): Schema {
  const present = node.anyOf?.filter((variant) => variant.type !== "null") ?? [];
  const [only, ...others] = present;
  if (only !== undefined) return toGeminiSchema(others.length === 0 ? only : merge(present));
  const about = node.description === undefined ? {} : { description: node.description };
  switch (node.type) {
    case "object":
      return { ...about, type: SchemaType.OBJECT, ...toMembers(node.properties ?? {}) };
    case "array":
      return { ...about, type: SchemaType.ARRAY, items: toGeminiSchema(node.items ?? {}) };
    case "integer":
      return { ...about, type: SchemaType.INTEGER };
    case "number":
      return { ...about, type: SchemaType.NUMBER };
    case "boolean":
      return { ...about, type: SchemaType.BOOLEAN };
    default:
      return node.enum === undefined
        ? { ...about, type: SchemaType.STRING }
        : { ...about, type: SchemaType.STRING, format: "enum", enum: node.enum.map(String) };
  }
}

function toMembers(properties: Readonly<Record<string, SchemaNode>>) {
  const members = Object.entries(properties);
  return {
    properties: Object.fromEntries(members.map(([name, member]) => [name, toGeminiSchema(member)])),
    required: members.filter(([, member]) => !isNullable(member)).map(([name]) => name),
  };
}

function isNullable(node: SchemaNode): boolean {
  return node.anyOf?.some((variant) => variant.type === "null") ?? false;
}

/** One object for several: a member that is not in all of them may be left out, and its values are joined. */
function merge(variants: readonly SchemaNode[]): SchemaNode {
  const members = new Map<string, SchemaNode>();
  for (const variant of variants) {
    for (const [name, member] of Object.entries(variant.properties ?? {})) {
      const known = members.get(name);
      members.set(
        name,
        known?.enum && member.enum
          ? { ...known, enum: [...new Set([...known.enum, ...member.enum])] }
          : (known ?? member),
      );
    }
  }
  const optional = ([name, member]: [string, SchemaNode]): [string, SchemaNode] =>
    variants.every((variant) => variant.properties?.[name] !== undefined) || isNullable(member)
      ? [name, member]
      : [name, { anyOf: [member, { type: "null" }] }];
  return { type: "object", properties: Object.fromEntries([...members].map(optional)) };
}
