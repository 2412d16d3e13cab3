import type { Page } from "playwright-core";
import { openBrowser, type OpenPage, type TestBrowser } from "../../../tests/support/open-browser.ts";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { type Figure, toFigure } from "../figures/figure.ts";
import {
  lagsOfLines,
  loadedBytes,
  printedAt,
  scrollThrough,
  untilButton,
  untilLine,
} from "../measure/page-scripts.ts";
import { takeTurns } from "../measure/take-turns.ts";
import type { Row } from "../row.ts";

const lines = 100_000;
const longLog = `seq -f 'line %.0f of a long log, as wide as lines of logs usually are' ${String(lines)}`;

/** The page has had its time to come before the first line. */
const printing = (count: number) => `import time
time.sleep(3)
for _ in range(${String(count)}):
    time.sleep(0.05)
    print("${printedAt}%.3f" % (time.time() * 1000), flush=True)`;

/** With the path of its page. Rejects where it did not succeed. */
async function runJob({ service }: Bench, step: object): Promise<string> {
  const { client } = service("cold");
  const id = await client.schedule({ steps: [step] });
  const { status } = await client.ended(id);
  if (status !== "succeeded") throw new Error(`job ${id} ended as ${status}`);
  return `/ui/jobs/${id}`;
}

/** What goes wrong in the page fails the row. */
async function inPage<Value>(
  { page, faults }: OpenPage,
  measure: (page: Page) => Promise<Value>,
): Promise<Value> {
  const value = await measure(page);
  if (faults.length > 0) throw new Error(`${page.url()}: ${faults.join("; ")}`);
  await page.close();
  return value;
}

/** A page of a browser that has kept nothing. */
const asStranger = { colours: "light" } as const;

async function repeat<Value>({ turns }: Bench, measure: () => Promise<Value>): Promise<readonly Value[]> {
  const { values } = await takeTurns({ values: measure }, turns(10, 1));
  return values;
}

async function firstLoad(bench: Bench, browser: TestBrowser): Promise<readonly Figure[]> {
  const loads = await repeat(bench, async () =>
    inPage(await browser.open("/ui/new", asStranger), async (page) => {
      const usable = await page.evaluate<number>(untilButton("Run"));
      await page.waitForLoadState("networkidle");
      return { usable, kilobytes: (await page.evaluate<number>(loadedBytes)) / 1_000 };
    }),
  );
  return [
    toFigure({
      ...{ name: "New job, usable", unit: "ms", own: loads.map(({ usable }) => usable) },
      bars: [atMost("p50", 1_000)],
    }),
    toFigure({
      ...{ name: "New job, loaded", unit: "kB", own: loads.map(({ kilobytes }) => kilobytes) },
      bars: [atMost("max", 250)],
    }),
  ];
}

async function longLogs(bench: Bench, browser: TestBrowser): Promise<readonly Figure[]> {
  const path = await runJob(bench, { kind: "shell", command: longLog });
  const opened = await repeat(bench, async () =>
    inPage(await browser.open(path), (page) => page.evaluate<number>(untilLine("line 1 "))),
  );
  const frames = await inPage(await browser.open(path), async (page) => {
    await page.locator(".stream-state[data-state=ended]").waitFor({ state: "attached" });
    return page.evaluate<readonly number[]>(scrollThrough(bench.turns(600, 60).count));
  });
  return [
    toFigure({ name: "100,000 lines, opened", unit: "ms", own: opened, bars: [atMost("p50", 1_000)] }),
    // 60 frames a second are one in 16.7 ms; one that is left out shows as 33.
    toFigure({ name: "100,000 lines, a frame", unit: "ms", own: frames, bars: [atMost("p95", 20)] }),
  ];
}

async function lagFigure(bench: Bench, browser: TestBrowser): Promise<Figure> {
  const { client, quiet } = bench.service("cold");
  const { count } = bench.turns(400, 20);
  const id = await client.schedule({ steps: [{ kind: "python", code: printing(count) }] });
  const own = await inPage(await browser.open(`/ui/jobs/${id}`), (page) =>
    page.evaluate<readonly number[]>(lagsOfLines(count)),
  );
  await quiet();
  return toFigure({ name: "printed to visible", unit: "ms", own, bars: [atMost("p50", 150)] });
}

export const dashboard: Row = {
  number: 15,
  name: "dashboard",
  what: "the dashboard in Chromium",
  method:
    "New job in a browser that has kept nothing, asked for to usable; a log of 100,000 lines, asked for to its first line, and scrolled; 20 lines a second, printed to drawn",
  peer: "–",
  bar: "usable ≤ 1 s, ≤ 250 kB, opened ≤ 1 s, 60 frames a second, lag p50 ≤ 150 ms",
  services: ["cold"],
  measure: async (bench) => {
    const browser = await openBrowser(bench.service("cold").url);
    try {
      const loads = await firstLoad(bench, browser);
      const logs = await longLogs(bench, browser);
      return [...loads, ...logs, await lagFigure(bench, browser)];
    } finally {
      await browser.close();
    }
  },
};
