import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/host/ensure-chromium.ts";

/** A page of the dashboard, as one reader sees it. */
export interface OpenPage {
  readonly page: Page;
  /** What went wrong in it that nobody would see: errors of the console, and requests to another origin. */
  readonly faults: readonly string[];
}

/** A reader: a tab of their own, or a browser. */
export interface Reader {
  /** A key that the tab has from the beginning; none, where left out. */
  readonly key?: string;
  /** Light ones, where left out. With them comes a browser that has kept nothing. */
  readonly colours?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

export interface TestBrowser {
  open(path: string, reader?: Reader): Promise<OpenPage>;
  /** Closes every page that was opened. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

const flags = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
];
/** How long a page may take for what a test waits for, in ms: the service runs real jobs on a machine that is busy. */
const patienceMs = 20_000;

/** Starts the Chromium of this machine, for the dashboard at `url`. */
export async function openBrowser(url: string): Promise<TestBrowser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new Error("there is no Chromium: npm test installs it");
  const profile = await mkdtemp(join(tmpdir(), "longshore-chromium-"));
  const env = { ...process.env, HOME: profile };
  const browser = await chromium.launch({ executablePath, args: flags, headless: true, env });
  const contexts = new Set<BrowserContext>();
  // Who says nothing of colours keeps the files of the dashboard from one page to the next, as people's browsers do. The key is
  // each tab's own.
  const usual = await browser.newContext({ colorScheme: "light" });
  const closePages = async () => {
    await Promise.all([
      ...usual.pages().map((page) => page.close()),
      ...[...contexts].map((context) => context.close()),
    ]);
    contexts.clear();
  };
  const contextFor = async (colours: Reader["colours"]): Promise<BrowserContext> => {
    if (colours === undefined) return usual;
    const context = await browser.newContext({ colorScheme: colours });
    contexts.add(context);
    return context;
  };
  return {
    open: async (path, { key, colours, width = 1_200, height = 800 } = {}) => {
      const context = await contextFor(colours);
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      const faults = watch(page, url);
      // In the page, and thus as text: what vitest makes of a function would not run there.
      if (key !== undefined)
        await page.addInitScript(`sessionStorage.setItem("longshore.key", ${JSON.stringify(key)})`);
      await page.goto(`${url}${path}`);
      return { page, faults };
    },
    closePages,
    close: async () => {
      await closePages();
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

function watch(page: Page, url: string): readonly string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    const isOfAnswer = /the server responded with a status of (?:401|403|404|409|410|422)/.test(
      message.text(),
    );
    // Chromium writes down every answer that is no success, also those that the page shows its reader.
    if (message.type() === "error" && !isOfAnswer) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(`${url}/`) || request.url().startsWith("blob:");
    if (!isOwn) faults.push(`foreign: ${request.url()}`);
  });
  return faults;
}
