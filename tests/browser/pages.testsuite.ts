import { join } from "node:path";
import { root } from "../../scripts/root.ts";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

const looks = [
  { look: "light", colorScheme: "light", width: 1_200, height: 800 },
  { look: "dark", colorScheme: "dark", width: 1_200, height: 800 },
  { look: "phone", colorScheme: "light", width: 390, height: 844 },
] as const;

/** Written where LONGSHORE_SCREENS=1 asks for them: docs/screens. */
const keepsScreens = process.env["LONGSHORE_SCREENS"] === "1";

/** What holds for each page: that it is there for all who read, in each light, on each width. */
export function pagesTestsuite(bench: () => Bench): void {
  let ended = "";
  beforeAll(async () => {
    const { schedule, ended: waitFor } = bench();
    ended = await schedule({
      prompt: "Draw a chart of the harbour",
      metadata: { pier: "north" },
      steps: [
        { kind: "shell", command: "printf 'day,ships\\nMon,4\\nTue,7\\n' | tee ships.csv" },
        {
          kind: "python",
          code: "import matplotlib.pyplot as p\np.bar(['Mon','Tue'],[4,7])\np.savefig('ships.png')\nprint('\\033[32mdrawn\\033[0m')",
        },
      ],
    });
    await waitFor(ended);
  });
  const pages: readonly {
    name: string;
    path: () => string;
    heading: string | RegExp;
    prepare?: (page: Page) => Promise<unknown>;
  }[] = [
    { name: "jobs", path: () => "/ui/jobs", heading: "Jobs" },
    {
      name: "new-job",
      path: () => "/ui/new",
      heading: "New job",
      prepare: async (page) => {
        await page.getByRole("button", { name: "Draw a chart" }).click();
        await page.getByText("Limits, environment, secrets, labels").click();
        await page.getByText("The same from a terminal").click();
      },
    },
    {
      name: "job",
      path: () => `/ui/jobs/${ended}`,
      heading: /./,
      prepare: async (page) => {
        await page.getByRole("button", { name: "2 python" }).click();
        await page.getByRole("region", { name: "Code of step 2" }).getByText("savefig").first().waitFor();
      },
    },
    {
      name: "outputs",
      path: () => `/ui/jobs/${ended}`,
      heading: /./,
      prepare: async (page) => {
        await page.getByRole("tab", { name: "Outputs" }).click();
        await page.getByRole("button", { name: "ships.png" }).click();
        await page.getByText(/^\d+ × \d+$/).waitFor();
      },
    },
    { name: "system", path: () => "/ui/system", heading: "System" },
    { name: "nowhere", path: () => "/ui/nowhere", heading: "There is no such page" },
  ];

  test.each(pages)(
    "the page $name keeps nobody out and fits, in each light, and on a phone",
    async (each) => {
      const { name, path, heading, prepare } = each;
      const page = await bench().open(path(), { key: bench().keys.admin });
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await prepare?.(page);
      await page
        .getByText(/^Loading/)
        .first()
        .waitFor({ state: "detached" });
      for (const { look, colorScheme, width, height } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        const barriers = await findBarriers(page);
        const fits = await page.evaluate("document.documentElement.scrollWidth <= innerWidth");
        expect({ look, barriers, fits }).toEqual({ look, barriers: [], fits: true });
        await page.evaluate("scrollTo(0, 0)");
        if (keepsScreens)
          await page.screenshot({ path: join(root, "docs", "screens", `${name}-${look}.png`) });
      }
    },
  );

  test("keys lead from page to page, each of which is gone on from at its beginning", async () => {
    const page = await bench().open("/ui/jobs");
    const focused = () => page.evaluate<string | null>("document.activeElement.textContent");
    await page.getByRole("table").getByRole("link").first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await expect.poll(focused).toBe("System");
    await page.keyboard.press("n");
    await page.locator("textarea:focus").waitFor();
    await page.keyboard.type("into the prompt");
    expect(await page.getByLabel("What is to be done").inputValue()).toBe("into the prompt");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await expect.poll(focused).toBe("Jobs");
    await page.getByRole("checkbox").first().focus();
    await page.keyboard.press("j");
    await page.locator(".job-row a:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/ui\/jobs\/[0-9a-f-]{36}$/);
    await page.locator("h1:focus").waitFor();
    await page.keyboard.press("/");
    await page.locator("input:focus").waitFor();
    expect(
      await page
        .getByRole("searchbox", { name: "Search the log" })
        .evaluate("document.activeElement.placeholder"),
    ).toBe("Search the log");
  });

  test("keys of one character can be turned off, and stay so", async () => {
    const page = await bench().open("/ui/jobs", { colours: "light" });
    await page.getByRole("table").waitFor();
    await page.keyboard.press("?");
    const isOn = page.getByRole("checkbox", { name: "Keys of one character" });
    await isOn.uncheck();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await isOn.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("table").waitFor();
    for (const key of ["n", "?", "/"]) await page.keyboard.press(key);
    expect(await page.evaluate("location.pathname + document.activeElement.tagName")).toBe("/ui/jobsBODY");
    await page.getByRole("button", { name: "Keys" }).click();
    await isOn.check();
    await page.keyboard.press("Escape");
    await isOn.waitFor({ state: "detached" });
    await page.keyboard.press("n");
    await page.waitForURL(/\/ui\/new$/);
  });

  test("the form that asks for a key keeps nobody out", async () => {
    const page = await bench().open("/ui/jobs", "nobody");
    await page.getByLabel("API key").waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test("the colours are those that were chosen, also after a reload", async () => {
    const page = await bench().open("/ui/jobs", { colours: "light" });
    const ground = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    const light = await ground();
    const choose = page.getByRole("button", { name: /^Colours/ });
    await choose.click();
    await choose.click();
    await expect.poll(ground).not.toBe(light);
    await page.reload();
    await expect.poll(ground).not.toBe(light);
  });
}
