import { createClient } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { storeManyEndedJobs } from "../support/ended-jobs.ts";
import { makeKey } from "../support/test-keys.ts";
import type { Bench } from "./bench.ts";

/** More than ten pages: enough for pages to be fetched while one scrolls. LONGSHORE_MANY_JOBS=100000 for what is promised. */
const many = Number(process.env["LONGSHORE_MANY_JOBS"] ?? 3_000);

/** What there is, and what is done with it. */
export function jobsTestsuite(bench: () => Bench): void {
  const waiting = { steps: [{ kind: "shell" as const, command: "sleep 600" }] };

  describe("the list of jobs", () => {
    test("shows new ones, how they go on, and how they ended, without being asked again", async () => {
      const { open, schedule } = bench();
      const page = await open("/ui/jobs");
      await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
      await schedule({ prompt: "comes later", steps: [{ kind: "shell", command: "sleep 1; exit 3" }] });
      const row = page.getByRole("row").filter({ hasText: "comes later" });
      await row.getByRole("cell", { name: "failed", exact: true }).waitFor();
      await row.getByText("step_failed").waitFor();
    });

    test("is filtered by the address, which the filters write", async () => {
      const { open, schedule, ended, url } = bench();
      await ended(
        await schedule({
          prompt: "Needle",
          metadata: { pier: "a=b" },
          steps: [{ kind: "shell", command: "false" }],
        }),
      );
      const page = await open("/ui/jobs?q=needle&status=failed&label=pier%3Da%3Db&since=hour");
      await page.getByRole("link", { name: "Needle" }).waitFor();
      expect(await page.getByRole("table").getByRole("link").count()).toBe(1);
      await page.getByRole("button", { name: "failed" }).click();
      await page.getByRole("button", { name: "succeeded" }).click();
      await page.getByRole("heading", { name: "No job fits" }).waitFor();
      expect(page.url()).toContain("status=succeeded");
      await page.reload();
      await page.getByRole("heading", { name: "No job fits" }).waitFor();
      await page.getByRole("link", { name: "Show all jobs" }).click();
      await page.getByRole("link", { name: "Needle" }).waitFor();
      expect(page.url()).toBe(`${url}/ui/jobs`);
    });

    test("searches no more for what was typed when a link leads to all jobs", async () => {
      const { open, schedule, url } = bench();
      await schedule({ prompt: "Haystack", steps: [{ kind: "shell", command: "true" }] });
      const page = await open("/ui/jobs");
      const search = page.getByRole("searchbox", { name: "Search prompts" });
      await search.fill("nothing has this");
      await page.getByRole("heading", { name: "No job fits" }).waitFor();
      const asked = page.waitForResponse((answer) => new URL(answer.url()).searchParams.get("q") === "hay");
      await page.getByRole("link", { name: "Show all jobs" }).click();
      await expect.poll(() => search.inputValue()).toBe("");
      await page.getByRole("link", { name: "Haystack" }).waitFor();
      await search.fill("hay");
      await asked;
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Jobs" }).click();
      await expect.poll(() => search.inputValue()).toBe("");
      expect(page.url()).toBe(`${url}/ui/jobs`);
    });

    test("cancels those that are selected, together, once it is told again", async () => {
      const { open, schedule } = bench();
      for (const name of ["one", "two"]) await schedule({ ...waiting, prompt: `cancel me ${name}` });
      const page = await open("/ui/jobs?q=cancel+me");
      await page.getByRole("checkbox", { name: "Select cancel me one" }).check();
      await page.getByRole("button", { name: /Select all that have not ended \(2\)/ }).click();
      await page.getByRole("button", { name: "Cancel 2" }).click();
      await page.getByRole("button", { name: "Cancel the jobs" }).click();
      await page.getByText("2 cancelled").waitFor();
      await page.getByRole("cell", { name: "cancelled", exact: true }).nth(1).waitFor();
    });

    test("goes on after the service was gone, says so, and shows what came meanwhile", async () => {
      const { open, stack, schedule, expectOutage } = bench();
      expectOutage();
      const page = await open("/ui/jobs");
      await page.getByRole("table").waitFor();
      await stack.api().end("SIGKILL");
      await page.getByText("The service does not answer").waitFor();
      await stack.startApi();
      await page.getByText("The service is back").waitFor();
      await schedule({ prompt: "after the outage", steps: [{ kind: "shell", command: "true" }] });
      await page.getByRole("link", { name: "after the outage" }).waitFor();
    });

    test(`has as many rows as are in sight, and all ${String(many)} jobs`, { timeout: 600_000 }, async () => {
      const { stack, open, url } = bench();
      const { sql } = stack.database;
      await storeManyEndedJobs(sql, many);
      const { key } = await makeKey(sql, "local", ["jobs:read"]);
      const page = await open("/ui/jobs", { key });
      const rows = page.getByRole("table").getByRole("row");
      await rows.nth(1).waitFor();
      const reached = async () => Number(await rows.last().getAttribute("aria-rowindex"));
      const began = performance.now();
      await expect
        .poll(
          async () => {
            await page.mouse.wheel(0, 40_000);
            expect(await rows.count()).toBeLessThan(80);
            return reached();
          },
          { timeout: 580_000, interval: 20 },
        )
        .toBe(many + 1);
      console.log(
        `to the last of ${String(many)} jobs: ${((performance.now() - began) / 1_000).toFixed(1)} s`,
      );
      const last = (await Array.fromAsync(createClient({ url, apiKey: key }).list({}, { pageSize: 200 }))).at(
        -1,
      );
      await rows
        .last()
        .locator(`a[href$="${last?.job_id ?? ""}"]`)
        .waitFor();
    });
  });
}
