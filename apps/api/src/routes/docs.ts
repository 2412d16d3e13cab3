import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Api } from "../api-env.ts";

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve("swagger-ui-dist/package.json"));

const files = [
  { name: "swagger-ui.css", type: "text/css; charset=utf-8" },
  { name: "swagger-ui-bundle.js", type: "text/javascript; charset=utf-8" },
  { name: "favicon-32x32.png", type: "image/png" },
] as const;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Longshore API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

// The viewer styles its elements inline and draws its icons from data: addresses. All else is its own files.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** GET /docs: the OpenAPI document for people, by a viewer that this server brings itself. */
export function docsRoute(app: Api): void {
  app.get("/docs", (c) => c.html(page, 200, { "Content-Security-Policy": policy }));
  app.get("/docs/start.js", (c) => c.body(start, 200, { "Content-Type": "text/javascript; charset=utf-8" }));
  for (const { name, type } of files) {
    let content: Promise<Uint8Array<ArrayBuffer>> | undefined;
    app.get(`/docs/${name}`, async (c) => {
      content ??= readFile(path.join(folder, name)).then((bytes) => new Uint8Array(bytes));
      return c.body(await content, 200, { "Content-Type": type, "Cache-Control": "public, max-age=3600" });
    });
  }
}
