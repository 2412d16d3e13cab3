import type { Context } from "hono";
import type { Api, ApiEnv } from "../api-env.ts";
import { answerProblem } from "../problem.ts";

/** Answers what no route took: 405 with Allow where the path has other methods, else 404. */
export function createNotFound(app: Api): (c: Context<ApiEnv>) => Response {
  let methodsByPath: ReadonlyMap<string, { readonly form: RegExp; readonly methods: ReadonlySet<string> }>;
  return (c) => {
    methodsByPath ??= collectMethods(app);
    const found = [...methodsByPath.values()].filter(({ form }) => form.test(c.req.path));
    const methods = [...new Set(found.flatMap((route) => [...route.methods]))].sort();
    if (methods.length === 0) {
      return answerProblem(c, "route_not_found", "There is nothing at this path; GET / lists what there is.");
    }
    c.header("Allow", methods.join(", "));
    return answerProblem(c, "method_not_allowed", `This path takes ${methods.join(" and ")}.`);
  };
}

function collectMethods(app: Api) {
  const collected = new Map<string, { form: RegExp; methods: Set<string> }>();
  for (const { method, path } of app.routes) {
    if (method === "ALL") continue;
    const form = toForm(path);
    const entry = collected.get(path) ?? { form, methods: new Set<string>() };
    entry.methods.add(method);
    if (method === "GET") entry.methods.add("HEAD");
    collected.set(path, entry);
  }
  return collected;
}

/** What a path of Hono's takes: a parameter is a segment, where it does not say what it is (`:path{.+}`), `/*` all below. */
function toForm(path: string): RegExp {
  const form = path.replaceAll(/:[a-z]+(?:\{([^}]+)\})?|\.|\/\*$/g, (part, own: string | undefined) => {
    if (part === "/*") return "(?:/.*)?";
    return part === "." ? String.raw`\.` : (own ?? "[^/]+");
  });
  return new RegExp(`^${form}$`);
}
