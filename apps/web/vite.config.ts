import { defineConfig } from "vite";
import { compressAssets } from "./build/compress-assets.ts";
import { holdFirstLoad } from "./build/hold-first-load.ts";

/** Where `npm start` listens, for `npm run dev -w apps/web`. */
const service = "http://127.0.0.1:8000";
const routes = [
  "/schedule",
  "/status",
  "/jobs",
  "/cancel",
  "/logs",
  "/events",
  "/download",
  "/shared",
  "/ready",
  "/me",
  "/health",
  "/system",
  "/keys",
  "/tenants",
];

export default defineConfig({
  base: "/ui/",
  root: import.meta.dirname,
  // Of its own: what apps/web/tsconfig.json extends is for the type checker, and is not there where the image is built.
  tsconfig: "build/tsconfig.json",
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    outDir: "../../.longshore/dashboard",
    emptyOutDir: true,
    // What is inlined as data: is not what the policy calls the page's own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // "use client" means nothing here: all of it runs in browsers.
      onLog: (level, log, handle) => (log.code === "MODULE_LEVEL_DIRECTIVE" ? undefined : handle(level, log)),
    },
  },
  plugins: [compressAssets(), holdFirstLoad(250_000)],
  server: { proxy: Object.fromEntries(routes.map((route) => [route, service])) },
});
