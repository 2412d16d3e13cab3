import openapiTS, { astToString } from "openapi-typescript";

const heading = `// Made from the service's OpenAPI document, and held against it by the gate: change the schemas of the service instead, then
// \`npx vitest run --project structure client-types -u\`.
`;

/** The types of the service's answers and requests, as TypeScript, from its OpenAPI document (JSON text). */
export async function writeTypes(document: string): Promise<string> {
  const types = await openapiTS(document, {
    // A field with a default may be left out of a request; answers say of each field whether it is there.
    defaultNonNullable: false,
    alphabetize: true,
  });
  return `${heading}\n${astToString(types)}`;
}
