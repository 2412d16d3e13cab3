import { describe, expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

/** Who sees what. */
export function accessTestsuite(bench: () => Bench): void {
  describe("a service with keys", () => {
    test("asks for one, says that a wrong one is none, and goes on with a right one until it is forgotten", async () => {
      const page = await bench().open("/ui/jobs", "nobody");
      const field = page.getByLabel("API key");
      await field.fill(`lsk_aaaaaaaa_${"x".repeat(43)}`);
      await page.getByRole("button", { name: "Go on" }).click();
      await page.getByText("does not take this key").waitFor();
      await field.fill(bench().keys.owner);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Jobs" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Jobs" }).waitFor();
      await page.getByRole("button", { name: "Forget key" }).click();
      await field.waitFor();
      expect(
        await page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)"),
      ).not.toContain(bench().keys.owner);
    });

    test("keeps the key out of the address, of storage that lasts, and of other tabs", async () => {
      const page = await bench().open("/ui/jobs");
      await page.getByRole("heading", { name: "Jobs" }).waitFor();
      expect(page.url()).not.toContain("lsk_");
      expect(await page.evaluate("JSON.stringify(localStorage) + document.cookie")).not.toContain("lsk_");
      const another = await page.context().newPage();
      await another.goto(`${bench().url}/ui/jobs`);
      await another.getByLabel("API key").waitFor();
    });

    test("shows two tenants nothing of each other", async () => {
      const { open, keys, schedule, url } = bench();
      const id = await schedule({
        prompt: "a secret of acme's",
        steps: [{ kind: "shell", command: "true" }],
      });
      const own = await open("/ui/jobs");
      await own.getByRole("link", { name: "a secret of acme's" }).waitFor();
      const rival = await open("/ui/jobs", { key: keys.rival });
      await rival.getByRole("heading", { name: "No jobs yet" }).waitFor();
      await rival.goto(`${url}/ui/jobs/${id}`);
      await rival.getByRole("alert").getByText("There is no job").waitFor();
      expect(await rival.content()).not.toContain("a secret of acme's");
      await rival.goto(`${url}/ui/new?from=${id}`);
      await rival.getByRole("alert").getByText("There is no job").waitFor();
    });
  });

  test("a key that only reads is offered nothing that it may not, told so, and refused nothing", async () => {
    const { open, keys, schedule, ended, url } = bench();
    const id = await schedule({ steps: [{ kind: "shell", command: "echo watched" }] });
    await ended(id);
    const page = await open("/ui/jobs", { key: keys.watcher });
    const refused: string[] = [];
    page.on("response", (response) => {
      if (response.status() === 403) refused.push(response.url().slice(url.length));
    });
    await page.getByText("Your key may not run or cancel jobs").waitFor();
    expect(await page.getByRole("link", { name: "New job" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Select all/ }).count()).toBe(0);
    // Within the page, which a new address would load anew.
    await page.evaluate(`history.pushState(null, "", "/ui/jobs/${id}")`);
    await page.getByRole("button", { name: "1 shell" }).click();
    await page.getByRole("region", { name: "Code of step 1" }).getByText("echo watched").waitFor();
    await page.getByRole("tab", { name: "Limits and use" }).click();
    await page.getByText("for keys that may read and write").waitFor();
    await page.getByText("Your key may not run or cancel jobs").waitFor();
    for (const name of ["Run again", "Cancel"])
      expect(await page.getByRole("button", { name }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Edit and run" }).count()).toBe(0);
    for (const path of ["/ui/new", `/ui/new?from=${id}`]) {
      await page.goto(`${url}${path}`);
      await page.getByText("Your key may not run jobs").waitFor();
      expect(await findBarriers(page)).toEqual([]);
    }
    await page.goto(`${url}/ui/system`);
    await page.getByText("shown to keys with the scope").waitFor();
    expect(refused).toEqual([]);
  });

  test("the system is shown to who runs the service, and its parts alone to others", async () => {
    const { open, keys } = bench();
    const others = await open("/ui/system");
    await others.getByText("shown to keys with the scope").waitFor();
    expect(await others.getByRole("definition").filter({ hasText: "ok" }).count()).toBeGreaterThan(3);
    expect(await others.getByRole("heading", { name: "Workers" }).count()).toBe(0);
    const admin = await open("/ui/system", { key: keys.admin });
    await admin.getByRole("region", { name: "Workers" }).getByText("takes jobs").waitFor();
    await admin.getByText("Jobs waiting").waitFor();
    await admin.getByRole("heading", { name: "Failures of the last 24 hours" }).waitFor();
  });

  test("who comes to / is shown the jobs", async () => {
    const page = await bench().open("/");
    await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
    expect(page.url()).toBe(`${bench().url}/ui/jobs`);
  });
}
