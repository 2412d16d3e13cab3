import { describe, expect, test } from "vitest";
import { importsOf, isTest, readSources } from "./source-files.ts";

const shared = (...folders: readonly string[]) => folders.map((folder) => `packages/shared/src/${folder}/`);
const services = shared("db", "queue", "blob", "config", "runtime");

/** Which of the project's folders a layer may import, and why no more. The first layer that matches a path counts. */
const layers = [
  {
    name: "domain",
    at: shared("domain"),
    may: shared("domain"),
    why: "states, transitions and failures are pure: they hold whatever carries them",
  },
  {
    name: "contracts",
    at: shared("contracts"),
    may: shared("contracts", "domain"),
    why: "what goes over a wire must not depend on how one side stores or sends it",
  },
  {
    name: "services of shared",
    at: services,
    may: [...services, ...shared("contracts", "domain")],
    why: "what the apps share must not know the apps",
  },
  {
    name: "the api",
    at: ["apps/api/"],
    may: ["apps/api/", "packages/shared/src/"],
    why: "the api and the worker run on different machines: they meet in Postgres and in the queue",
  },
  {
    name: "the worker",
    at: ["apps/worker/"],
    may: ["apps/worker/", "packages/shared/src/"],
    why: "the api and the worker run on different machines: they meet in Postgres and in the queue",
  },
  {
    name: "the agent",
    at: ["agent-image/"],
    may: ["agent-image/", ...shared("contracts", "domain")],
    why: "the agent lives in the sandbox: it speaks contracts, and reaches nothing else",
  },
  {
    name: "the client",
    at: ["packages/client/"],
    may: ["packages/client/"],
    why: "it runs where nothing of the service is: what it knows of it is the OpenAPI document",
  },
  {
    name: "the dashboard",
    at: ["apps/web/"],
    may: ["apps/web/", "packages/client/src/"],
    why: "it runs in browsers, and asks the service what anybody may ask it: over HTTP, by the client",
  },
  {
    name: "the command line",
    at: ["apps/cli/"],
    may: ["apps/cli/", "packages/client/src/"],
    why: "it is installed where nothing of the service is, and knows of it what any program can",
  },
  {
    name: "scripts",
    at: ["scripts/"],
    may: ["scripts/", "packages/shared/src/", "apps/api/src/config.ts", "apps/worker/src/config.ts"],
    why: "the set-up starts the apps as programs; of their inside it asks only whether the settings are right",
  },
  {
    name: "the benchmarks",
    at: ["bench/"],
    may: ["bench/", "packages/shared/src/", "scripts/", "tests/support/", "tests/chaos/"],
    why: "they start the service as the suites do and use it over HTTP: what they measure they do not reach into",
  },
  {
    name: "root files",
    at: [""],
    may: ["tests/support/"],
    why: "a tool's configuration needs no more than the reporter of the tests",
  },
] as const satisfies readonly Layer[];

interface Layer {
  readonly name: string;
  readonly at: readonly string[];
  readonly may: readonly string[];
  readonly why: string;
}

const isOwn = (path: string) => /^(apps|packages|agent-image|scripts|tests|bench|migrations)\//.test(path);
const sources = readSources("ts", "tsx", "mjs").filter(({ path }) => !isTest(path));

describe("imports point one way", () => {
  test.each(layers)("$name: $why", ({ at, may }: Layer) => {
    const wrong = sources
      .filter(({ path }) => layerOf(path).at === at)
      .flatMap((file) =>
        importsOf(file)
          .filter(isOwn)
          .map((target) => ({ from: file.path, target })),
      )
      .filter(({ target }) => !may.some((folder) => target.startsWith(folder)))
      .map(({ from, target }) => `${from} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  test("the domain imports no package that does input or output", () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith("packages/shared/src/domain/"))
      .flatMap((file) => importsOf(file).map((target) => ({ from: file.path, target })))
      .filter(({ target }) => !isOwn(target) && !["uuid", "zod"].includes(target))
      .map(({ from, target }) => `${from} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  test("no file is part of a circle of imports, types included", () => {
    const graph = new Map(sources.map((file) => [file.path, importsOf(file).filter(isOwn)]));
    expect(findCircle(graph)).toBeNull();
  });
});

function layerOf(path: string): Layer {
  const layer = layers.find(({ at }) =>
    at.some((folder) => (folder === "" ? !path.includes("/") : path.startsWith(folder))),
  );
  if (layer === undefined)
    throw new Error(`${path} belongs to no layer: give its folder a line in the table`);
  return layer;
}

function findCircle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const target of graph.get(path) ?? []) {
      const circle = visit(target, [...trail, path]);
      if (circle !== null) return circle;
    }
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle !== null) return circle;
  }
  return null;
}
