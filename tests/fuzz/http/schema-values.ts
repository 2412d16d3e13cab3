import fc from "fast-check";
import { hostileText } from "../hostile-values.ts";
import type { Schema } from "./operations.ts";

/** Values of a schema that are mostly valid: what the keywords do not say, such as the form of a path, is left to luck. */
export function schemaValues(
  schema: Schema,
  definitions: Readonly<Record<string, Schema>>,
): fc.Arbitrary<unknown> {
  const values = (each: Schema): fc.Arbitrary<unknown> => schemaValues(each, definitions);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return values(definitions[name] ?? {});
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const ways = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (ways !== undefined) return fc.oneof(...ways.map(values));
  if (typeof schema.type === "string") return valuesOfType(schema.type, schema, values);
  return fc.oneof(...(schema.type ?? ["string"]).map((type) => valuesOfType(type, schema, values)));
}

function valuesOfType(
  type: string,
  schema: Schema,
  values: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case "object":
      return objects(schema, values);
    case "array":
      return fc.array(values(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(3, schema.maxItems ?? 3)),
      });
    case "integer":
      return fc.integer(numberRange(schema));
    case "number":
      return fc.double({ ...numberRange(schema), noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return texts(schema);
  }
}

function objects(schema: Schema, values: (schema: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {});
  if (members.length > 0) {
    const required = [...(schema.required ?? [])];
    return fc.record(Object.fromEntries(members.map(([name, each]) => [name, values(each)])), {
      requiredKeys: required,
    });
  }
  const more = typeof schema.additionalProperties === "object" ? schema.additionalProperties : {};
  return fc.dictionary(fc.constantFrom("A", "b_1", "team", "PATH", "constructor"), values(more), {
    maxKeys: 3,
  });
}

function numberRange({ minimum = 0, maximum = 2 ** 31 - 1 }: Schema) {
  // Large values make for large jobs, and say nothing more than small ones.
  return { min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, Math.max(minimum, 100_000))) };
}

function texts(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === "uuid") return fc.uuid();
  if (schema.format === "date-time")
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const plain = fc.constantFrom("x", "a/b.txt", "echo hello", "print(1)", "42", "é漢😀", "dGVzdA==");
  const any = fc.string({ unit: "grapheme", minLength: schema.minLength ?? 0, maxLength: 40 });
  return fc.oneof({ weight: 6, arbitrary: plain }, { weight: 2, arbitrary: any }, hostileText);
}
