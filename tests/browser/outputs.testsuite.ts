import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

/** What a job made, in the browser of whoever looks at it. */
export function outputsTestsuite(bench: () => Bench): void {
  describe("the outputs of a job", { timeout: 60_000 }, () => {
    let id: string;
    beforeAll(async () => {
      const code = await readFile(join(import.meta.dirname, "hostile-outputs.py"), "utf8");
      id = await bench().schedule({ steps: [{ kind: "python", code }] });
      await bench().ended(id);
    });
    const openOutputs = async () => {
      const page = await bench().open(`/ui/jobs/${id}`);
      await page.getByRole("tab", { name: "Outputs" }).click();
      return page;
    };
    const choose = async (page: Page, name: string) => {
      await page.getByRole("navigation", { name: "Outputs" }).getByRole("button", { name }).click();
      return page.getByRole("region", { name: `outputs/${name}`, exact: true });
    };

    test("are pictures, tables, texts and folders to look at", async () => {
      const page = await openOutputs();
      // Said of a picture that the browser has drawn.
      await (await choose(page, "plot.png")).getByText("30 × 20").waitFor();
      await (await choose(page, "evil.csv")).getByRole("columnheader", { name: "formula" }).waitFor();
      await (await choose(page, "evil.json")).getByText('"ships"').waitFor();
      await page.getByRole("button", { name: "note.txt" }).click();
      await page.getByText("found it").waitFor();
      await page.getByRole("button", { name: "deep/" }).click();
      expect(await page.getByRole("button", { name: "note.txt" }).count()).toBe(0);
      await (await choose(page, "evil.md")).getByRole("heading", { name: "Title" }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
    });

    test("run nothing and load nothing, whatever they are and are called", async () => {
      const page = await bench().open(`/ui/jobs/${id}`);
      await page.locator(".log-row").getByText("<script>window.ran = 1; top.ran = 1</script>").waitFor();
      await page.getByRole("tab", { name: "Outputs" }).click();
      await (await choose(page, "evil.svg")).getByText("20 × 10").waitFor();
      await (await choose(page, "evil.html")).getByText("<!doctype html>").waitFor();
      const markdown = await choose(page, "evil.md");
      await markdown.getByText("press").waitFor();
      expect(await markdown.locator("a, img, script, iframe").count()).toBe(0);
      await (await choose(page, "evil.csv")).getByText("=HYPERLINK").waitFor();
      const notebook = await choose(page, "evil.ipynb");
      await notebook.getByText("Not shown: application/javascript").waitFor();
      await notebook.getByText("printed in the cell").waitFor();
      await notebook.getByText("Not shown: image/jpeg, which is broken").waitFor();
      await expect.poll(() => notebook.getByRole("img").count()).toBe(2);
      await (await choose(page, "evil.mp4")).getByText("cannot play it").waitFor();
      await (await choose(page, "evil.pdf")).locator("iframe, p").first().waitFor();
      await (await choose(page, "none.pdf")).getByText("This is no PDF").waitFor();
      await page.getByRole("button", { name: "onerror=top.ran" }).click();
      await page.locator(".file-preview").getByText("window.ran = 1").waitFor();
      expect(await page.evaluate("window.ran")).toBeUndefined();
    });

    test("of which one is too long are shown to a limit, and one that is no text not at all", async () => {
      const page = await openOutputs();
      await (await choose(page, "long.txt")).getByText("Shown are the first 1.0 MB of 2.1 MB").waitFor();
      await (await choose(page, "bytes")).getByText("There is no preview of such files").waitFor();
    });

    test("that are made to take the page with them are text, and the page stays", async () => {
      const page = await openOutputs();
      await (await choose(page, "nested.md")).getByText("> deep").waitFor();
      await (await choose(page, "nested.json")).getByText("[[[[").waitFor();
      await (await choose(page, "plot.png")).getByText("30 × 20").waitFor();
    });

    test("that the archive does not hold are named, each with the reason", async () => {
      const page = await openOutputs();
      const left = page.getByRole("region", { name: "Not taken" });
      await left.getByRole("heading", { name: "One was not taken, or not whole" }).waitFor();
      expect(await left.getByRole("listitem").allTextContents()).toEqual(["pipe%E2%80%AEgnp: it is a FIFO"]);
    });

    test("are downloaded one by one, or all as a zip", async () => {
      const page = await openOutputs();
      const one = await choose(page, "plot.png");
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        one.getByRole("button", { name: "Download" }).click(),
      ]);
      expect(file.suggestedFilename()).toBe("plot.png");
      const [zip] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download all as zip" }).click(),
      ]);
      expect(zip.suggestedFilename()).toBe(`${id}.zip`);
    });
  });
}
