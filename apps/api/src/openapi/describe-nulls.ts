/**
 * Says of each named schema that may be null that it is one or the other. The generator writes `allOf` of both, which
 * no value fulfils: neither null nor the object is of both types.
 */
export function describeNulls<Document>(document: Document): Document {
  // safety: a document is what JSON can hold, and each part of it is replaced by one of the same meaning.
  return JSON.parse(JSON.stringify(document), (_, part: unknown) => toEither(part)) as Document;
}

function toEither(part: unknown): unknown {
  if (typeof part !== "object" || part === null || !("allOf" in part) || !Array.isArray(part.allOf))
    return part;
  const [named, nullable, ...more]: unknown[] = part.allOf;
  if (more.length > 0 || !isReference(named) || !isNullable(nullable)) return part;
  const { allOf: _, ...rest } = part;
  return { ...rest, anyOf: [named, { type: "null" }] };
}

function isReference(part: unknown): boolean {
  return typeof part === "object" && part !== null && "$ref" in part;
}

function isNullable(part: unknown): boolean {
  if (typeof part !== "object" || part === null || !("type" in part) || !Array.isArray(part.type))
    return false;
  return part.type.includes("null");
}
