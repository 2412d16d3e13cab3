import type { Api } from "../api-env.ts";
import { routeAccess, type RouteAccess, scopesOf } from "../access/route-access.ts";
import { problemMediaType, type ProblemCode, problems } from "../problem.ts";

type OpenApiDocument = ReturnType<Api["getOpenAPI31Document"]>;
type Operation = NonNullable<NonNullable<OpenApiDocument["paths"]>[string]["get"]>;

const methods = ["get", "post", "patch", "delete"] as const;

const schemes = {
  bearer: { type: "http", scheme: "bearer", description: "An API key, made by `npm run keys -- create`." },
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description: "The same key, as a header of its own.",
  },
} as const;

const unauthorized = ["key_missing", "key_invalid", "key_revoked", "key_expired"] as const;
const forbidden = ["scope_missing"] as const;

/**
 * Adds to each operation what it needs of a key, from the table that the requests are held against, and how it answers
 * without. OpenAPI 3.1 lets the scopes stand beside these schemes, too.
 */
export function describeAccess(document: OpenApiDocument): OpenApiDocument {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      const access = routeAccess[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`];
      if (operation !== undefined && access !== undefined) describeOperation(operation, access);
    }
  }
  document.components = { ...document.components, securitySchemes: schemes };
  return document;
}

function describeOperation(operation: Operation, access: RouteAccess): void {
  const scopes = [...scopesOf(access)];
  operation.security = access === "public" ? [] : [{ bearer: scopes }, { apiKey: scopes }];
  operation.responses ??= {};
  if (access !== "public") operation.responses["401"] = answer(unauthorized);
  if (scopes.length > 0) operation.responses["403"] = answer(forbiddenBy(operation, access));
}

/** What a route says itself that it forbids stays. */
function forbiddenBy({ responses }: Operation, access: RouteAccess): readonly ProblemCode[] {
  const isForOperators = access === "operator" || responses?.["403"] !== undefined;
  return isForOperators ? [...forbidden, "operator_only"] : forbidden;
}

function answer(codes: readonly ProblemCode[]) {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join("; ");
  const content = { [problemMediaType]: { schema: { $ref: "#/components/schemas/Problem" } } };
  return { description, content };
}
