import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What CommonJS packages expect of their surroundings. A package that finds files by __dirname has to be external. In
 * brackets, as this file is bundled too, and keeps its place (see below).
 */
const commonJsNames = [
  "import { createRequire as longshoreRequireOf } from 'node:module';",
  "import { fileURLToPath as longshorePathOf } from 'node:url';",
  "const require = longshoreRequireOf(import.meta['url']), __filename = longshorePathOf(import.meta['url']), __dirname = longshorePathOf(new URL('.', import.meta['url']));",
].join("");

/**
 * One ES module of the program in `entry` and all that it imports, with a source map beside it for who asks for one
 * (NODE_OPTIONS=--enable-source-maps, and profiles). Not minified: what is saved is the hundreds of files that Node would open, strip of their types
 * and link. esbuild itself stays outside, it starts a binary of its own.
 */
export async function bundleProgram(root, entry, file) {
  // Not at the top: this file is loaded before the packages are there.
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    outfile: file,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node24",
    sourcemap: "linked",
    sourcesContent: false,
    banner: { js: commonJsNames },
    // Bindings in machine code, and what is for another platform: who asks for them does without where they are not there.
    external: ["esbuild", "*.node", "pg-cloudflare", ...onDemandPackages],
    plugins: [keepSourcePlaces(root), loadOnDemand],
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules"));
  return { outputFiles, inputs };
}

/** Lets each of the project's own files go on to find others by its own place, not by that of the bundle. */
function keepSourcePlaces(root) {
  return {
    name: "keep-source-places",
    setup: (build) => {
      build.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
        if (path.includes("node_modules") || relative(root, path).startsWith("..")) return undefined;
        const source = await readFile(path, "utf8");
        if (!source.includes("import.meta")) return undefined;
        const places = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
        const contents = source.replaceAll(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, name) =>
          JSON.stringify(places[name]),
        );
        return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
      });
    },
  };
}

/**
 * What dockerode (5) and docker-modem (5) load at their start for calls that most processes never make: a connection over
 * ssh, and builds with BuildKit's sessions and progress.
 */
const onDemand = /[\\/](docker-modem[\\/]lib[\\/]ssh|dockerode[\\/]lib[\\/](session|buildkit))\.js$/;
/** What those need: left in their folders. Together they are a seventh of the worker's code. */
const onDemandPackages = ["ssh2", "@grpc/grpc-js", "@grpc/proto-loader", "protobufjs"];

/** Loads these modules when they are first called, or asked for something. */
const loadOnDemand = {
  name: "load-on-demand",
  setup: (build) => {
    const whole = "?whole";
    build.onResolve({ filter: /\?whole$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice(0, -whole.length)),
      suffix: whole,
    }));
    build.onLoad({ filter: onDemand }, ({ path, suffix }) => {
      if (suffix === whole) return undefined;
      const load = `require(${JSON.stringify(`./${basename(path)}${whole}`)})`;
      const contents = `module.exports = new Proxy(() => undefined, {
        apply: (_, self, given) => ${load}.apply(self, given),
        get: (_, key) => ${load}[key],
      });`;
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
};
