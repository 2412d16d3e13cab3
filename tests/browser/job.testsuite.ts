import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

const shell = (command: string, more: object = {}) => ({ kind: "shell", command, ...more });
const row = (page: Page, text: string) => page.locator(".log-row").filter({ hasText: text });
const failing = {
  steps: [
    shell("seq 200", { name: "Count" }),
    shell("seq 100; echo 'the crane jammed' >&2; exit 3", { name: "Lift" }),
    shell("echo never", { name: "Sail" }),
  ],
};

/** The page of one job: while it runs, and when it has ended. */
export function jobTestsuite(bench: () => Bench): void {
  const openJob = async (body: object, reader?: Parameters<Bench["open"]>[1]) => {
    const id = await bench().schedule(body);
    return { id, page: await bench().open(`/ui/jobs/${id}`, reader) };
  };

  describe("the page of a job that runs", { timeout: 60_000 }, () => {
    test("shows lines as they are printed, in their colours, and what overwrites a line overwrites it", async () => {
      const { page } = await openJob({
        steps: [
          shell(
            "printf 'load  1%%\\rload 50%%\\rloaded  \\n'; printf '\\033[31mred\\033[0m \\033[1mbold\\033[0m\\n'; " +
              "sleep 3; echo last",
            { name: "Load" },
          ),
        ],
      });
      await row(page, "red").waitFor();
      expect(await row(page, "load").locator(".log-text").textContent()).toBe("loaded  ");
      const look = (selector: string) =>
        page.evaluate(`getComputedStyle(document.querySelector("${selector}")).color`);
      expect(await look(".log-text [style]")).not.toBe(await look(".log-text"));
      expect(await page.locator(".ansi-bold").textContent()).toBe("bold");
      await page.getByRole("status").getByText("Live").waitFor();
      await page.getByRole("listitem").filter({ hasText: "Steps: now" }).waitFor();
      // To the end, without the reader doing anything.
      await row(page, "last").waitFor();
      await page.locator(".job-header").getByText("succeeded").waitFor();
    });

    test("goes on where it was when the API was away, and says so while it is", async () => {
      const { stack, expectOutage } = bench();
      expectOutage();
      const { page } = await openJob({
        steps: [shell("for i in $(seq 60); do echo row $i.; sleep 0.1; done", { name: "Count" })],
      });
      await row(page, "row 3.").waitFor();
      await stack.api().end("SIGKILL");
      await page.locator(".stream-state[data-state=reconnecting]").waitFor();
      await stack.startApi();
      await page.locator(".stream-state[data-state=following]").waitFor();
      await row(page, "row 60.").waitFor();
      await page.locator(".stream-state[data-state=ended]").waitFor({ state: "attached" });
      await page.getByRole("searchbox", { name: "Search the log" }).fill("row");
      await page.getByText("60 lines").waitFor();
    });

    test("shows the code of the step that runs beside what it prints, also where the prompt was the plan", async () => {
      const { page } = await openJob({
        prompt: "Two steps:\n```sh\necho loading; sleep 60\n```\n```python\nprint('never')\n```",
      });
      await row(page, "loading").waitFor();
      const code = page.getByRole("region", { name: "Code of step 1" });
      // In the colours of its language.
      await code.locator(".hljs-built_in").getByText("echo").waitFor();
      await page.getByRole("button", { name: "2 python" }).click();
      await page.getByRole("region", { name: "Code of step 2" }).getByText("never").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator(".job-header").getByText("cancelled").waitFor();
    });

    test("gives a receipt for a cancel, and then tells how the job ended", async () => {
      const { page } = await openJob({ steps: [shell("echo started; sleep 60")] });
      await row(page, "started").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("The job has ended: cancelled").waitFor();
      await page.getByText("Cancelled while it ran").waitFor();
      expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    });
  });

  describe("the page of a job that has ended", { timeout: 60_000 }, () => {
    let failed: string;
    beforeAll(async () => {
      failed = await bench().schedule(failing);
      await bench().ended(failed);
    });
    const openFailed = (reader?: Parameters<Bench["open"]>[1]) => bench().open(`/ui/jobs/${failed}`, reader);

    test("says which step failed, and brings its error into view, under an address that does so again", async () => {
      const page = await openFailed();
      await page.getByText("step 2 (shell, Lift) failed").first().waitFor();
      await page.getByRole("button", { name: "Show the error in the log" }).click();
      await page.locator(".log-row[data-here]").getByText("the crane jammed").waitFor();
      expect(new URL(page.url()).hash).toBe("#L301");
      const again = await bench().open(`/ui/jobs/${failed}#L301`);
      await again.locator(".log-row[data-here]").getByText("the crane jammed").waitFor();
    });

    test("shows the code of a step beside its output alone", async () => {
      const page = await openFailed();
      await page.getByRole("button", { name: "Lift" }).click();
      await page.getByRole("region", { name: "Code of step 2" }).getByText("the crane jammed").waitFor();
      await expect.poll(() => page.locator(".log-number").first().textContent()).toBe("201");
      await page.getByRole("button", { name: "All output" }).click();
      await expect.poll(() => page.locator(".log-number").first().textContent()).toBe("1");
    });

    test("says where it was too short for its use to be measured", async () => {
      const page = await openFailed();
      await page.getByRole("tab", { name: "Limits and use" }).click();
      await page.getByText("was not measured").waitFor();
    });

    test("finds a text in the log, and goes from one line that has it to the next", async () => {
      const { id, page } = await openJob({ steps: [shell("for i in $(seq 500); do echo row $i; done")] });
      await bench().ended(id);
      const search = page.getByRole("searchbox", { name: "Search the log" });
      await search.fill("ROW 49");
      await page.getByText("11 lines").waitFor();
      await search.press("Enter");
      await page.getByText("1 of 11").waitFor();
      await search.press("Enter");
      await page.locator(".log-row[data-here]").getByText("row 490").waitFor();
      expect(await page.locator(".log-row[data-here] mark").textContent()).toBe("row 49");
    });

    test("gives the link to a line, also where the browser lets no page copy", async () => {
      const page = await openFailed();
      await page.getByRole("link", { name: "Line 1", exact: true }).click();
      await page.context().grantPermissions(["clipboard-write"]);
      await page.getByRole("button", { name: "Copy link to line 1" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      // As over http from another machine.
      await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
      await page.getByRole("link", { name: "Line 2", exact: true }).click();
      await page.getByRole("button", { name: "Copy link to line 2" }).click();
      await page.getByRole("button", { name: "It is in the address bar" }).waitFor();
      expect(new URL(page.url()).hash).toBe("#L2");
    });

    test("draws what it did when, and leads from a step's bar to its output", async () => {
      const page = await openFailed();
      await page.getByText("step 2 (shell, Lift) failed").first().waitFor();
      await page.getByRole("tab", { name: "Time line" }).click();
      const bars = page.getByRole("list", { name: "Time line" }).getByRole("listitem");
      await expect.poll(() => bars.count()).toBe(5);
      expect(await bars.nth(3).textContent()).toContain("failed after");
      await page.getByRole("button", { name: "2 Lift" }).click();
      await expect.poll(() => page.locator(".log-number").first().textContent()).toBe("201");
    });

    test("runs the same job again, once, and goes to it", async () => {
      const { id, page } = await openJob({ steps: [shell("echo once more")], metadata: { ship: "Ada" } });
      const handedIn: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST") handedIn.push(new URL(request.url()).pathname);
      });
      await page.getByRole("button", { name: "Run again" }).dblclick();
      await page.waitForURL((url) => !url.pathname.endsWith(id));
      await row(page, "once more").waitFor();
      await page.getByText("Ada").waitFor();
      expect(handedIn).toEqual(["/schedule"]);
    });

    test("tells that there is no such job, and that an address is none", async () => {
      const missing = await bench().open("/ui/jobs/01890000-0000-7000-8000-000000000000");
      await missing.getByRole("heading", { name: "There is no such job" }).waitFor();
      const cut = await bench().open("/ui/jobs/0189");
      await cut.getByRole("heading", { name: "This is no job's address" }).waitFor();
    });

    test.each([
      { colours: "light", width: 1_200 },
      { colours: "dark", width: 390 },
    ] as const)("keeps nobody out ($colours, $width wide)", async (reader) => {
      const page = await openFailed(reader);
      await page.getByRole("button", { name: "Show the error in the log" }).waitFor();
      for (const name of [
        "Outputs",
        "Time line",
        "Plans",
        "Model calls",
        "Limits and use",
        "Steps and log",
      ]) {
        await page.getByRole("tab", { name }).click();
        await page.getByRole("tabpanel", { name }).waitFor();
        expect(await findBarriers(page)).toEqual([]);
      }
      // Nothing is wider than the window.
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    });

    test.each(["light", "dark"] as const)(
      "can be read in every colour and on every ground that a program gives it (%s)",
      async (colours) => {
        const grounds = "01234567"
          .split("")
          .flatMap((n) => [`4${n}`, `10${n}`, `4${n};3${n === "7" ? "1" : "7"}`]);
        const own = ["255;255;255", "0;0;0", "255;255;0", "0;0;255", "0;255;0", "255;0;255", "0;255;255"];
        const printed = [
          ...[...grounds, "48;2;255;255;0", "48;2;10;10;80", "7", "7;31"],
          ...[...own.map((colour) => `38;2;${colour}`), "38;5;231", "38;5;16", "38;5;190"],
        ];
        const id = await bench().schedule({
          steps: [shell(printed.map((look) => `printf '\\033[${look}mon ${look}\\033[0m\\n'`).join("; "))],
        });
        const page = await bench().open(`/ui/jobs/${id}`, { colours });
        await row(page, "on 38;5;190").waitFor();
        expect(await findBarriers(page)).toEqual([]);
      },
    );
  });

  describe("a log of 100,000 lines", { timeout: 120_000 }, () => {
    test("opens, is scrolled and searched, and never has more than a few screens in the page", async () => {
      const id = await bench().schedule({
        steps: [shell("seq -f 'line %.0f of a long log, as wide as lines of logs usually are' 100000")],
      });
      await bench().ended(id);
      const page = await bench().open(`/ui/jobs/${id}`);
      await row(page, "line 1 ").first().waitFor();
      await page.locator(".stream-state[data-state=ended]").waitFor({ state: "attached" });
      await page.evaluate(`document.querySelector(".log-scroll").scrollTop += 500_000`);
      expect(await page.locator(".log-row").count()).toBeLessThan(200);
      const search = page.getByRole("searchbox", { name: "Search the log" });
      await search.fill("line 99999 ");
      await page.getByText("1 line", { exact: true }).waitFor();
      await search.press("Enter");
      await page.locator(".log-row[data-here]").getByText("line 99999 ").waitFor();
    });
  });
}
