import { createClient } from "@longshore/client";
import { describe, expect, test } from "vitest";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

/** What admins do with keys, and see of tenants. */
export function administrationTestsuite(bench: () => Bench): void {
  describe("an admin", () => {
    const keyForm = /lsk_[a-z2-7]{8}_[\w-]{43}/;
    const clientOf = (apiKey: string) => createClient({ url: bench().url, apiKey });

    test("makes a key by keys alone, is shown its secret once, and revokes it", async () => {
      const { open, keys } = bench();
      const page = await open("/ui/system", { key: keys.admin });
      await page.getByRole("button", { name: "New key" }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("Name", { exact: true }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page.keyboard.type("for the night");
      await page.keyboard.press("Enter");
      const made = page.getByRole("status").filter({ hasText: "cannot be shown again" });
      await made.waitFor();
      expect(await findBarriers(page)).toEqual([]);
      const key = keyForm.exec(await made.innerText())?.[0] ?? "none";
      expect(await clientOf(key).page()).toMatchObject({ jobs: expect.any(Array) as unknown });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByRole("button", { name: "Copy the key" }).click();
      await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(key);
      await page.getByRole("button", { name: "I have it" }).click();
      await made.waitFor({ state: "detached" });
      const row = page.getByRole("row").filter({ hasText: "for the night" });
      await row.getByText("acme").waitFor();
      await row.getByRole("cell", { name: keys.admin.slice(0, 12), exact: true }).waitFor();
      const kept = "JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + document.cookie";
      expect(`${await page.content()}${String(await page.evaluate(kept))}${page.url()}`).not.toContain(
        key.slice(-43),
      );

      await row.getByRole("button", { name: /^Revoke/ }).click();
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole("button", { name: "Keep it" }).click();
      expect(await clientOf(key).page()).toMatchObject({ next_cursor: null });
      await row.getByRole("button", { name: /^Revoke/ }).click();
      await page.getByRole("button", { name: "Revoke the key" }).click();
      await row.waitFor({ state: "detached" });
      await expect(clientOf(key).page()).rejects.toMatchObject({ code: "key_revoked" });
      await page.getByRole("button", { name: /that have ended$/ }).click();
      await row.getByText("revoked").waitFor();
    });

    test("is told at the field what is wrong with a key, and is asked for no tenant where theirs alone can be meant", async () => {
      const { open, keys } = bench();
      const page = await open("/ui/system", { key: keys.admin });
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.getByText("must have 1 to 100 characters").waitFor();
      expect(await page.getByLabel("Tenant", { exact: true }).count()).toBe(0);
    });

    test("is asked once more before the last key of an admin goes, and sees nothing of other tenants", async () => {
      const { open, keys } = bench();
      const page = await open("/ui/system", { key: keys.admin });
      const own = page.getByRole("row").filter({ hasText: "this page’s" });
      await own.getByRole("button", { name: /^Revoke/ }).click();
      await page.getByText("It is the one that this page uses").waitFor();
      await page.getByRole("button", { name: "Revoke the key" }).click();
      await page.getByRole("button", { name: "Revoke it all the same" }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("region", { name: "Tenants" }).getByRole("rowheader", { name: "acme" }).waitFor();
      expect(await page.getByText("rival").count()).toBe(0);
      await page.getByText("Limits are changed by who runs the service").waitFor();
      expect(await page.getByRole("button", { name: /^Change limits/ }).count()).toBe(0);
      expect(await clientOf(keys.admin).page()).toMatchObject({ jobs: expect.any(Array) as unknown });
    });

    test("who runs the service changes a tenant's limits, and is told at the field what cannot be one", async () => {
      const { open, keys } = bench();
      const page = await open("/ui/system", { key: keys.operator });
      const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "rival" }) });
      await page.getByRole("button", { name: "Change limits of rival" }).focus();
      await page.keyboard.press("Enter");
      const waiting = page.getByLabel("Jobs that may wait", { exact: true });
      await waiting.fill("many");
      await page.keyboard.press("Enter");
      await page.getByText("must be a whole number, or empty").waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await waiting.fill("1000000000");
      await page.keyboard.press("Enter");
      await page.getByText("at most 999999999").waitFor();
      await waiting.fill("7");
      await page.keyboard.press("Enter");
      await row.getByText("0 of 7").waitFor();
      expect(await clientOf(keys.rival).me()).toMatchObject({ limits: { queued: 7, unfinished: null } });
      await page.getByRole("button", { name: "Change limits of rival" }).click();
      await waiting.fill("");
      await page.keyboard.press("Enter");
      await expect.poll(() => row.getByText("0 of 7").count()).toBe(0);
      expect(await clientOf(keys.rival).me()).toMatchObject({ limits: { queued: null } });
    });

    test("alone sees keys and tenants", async () => {
      const others = await bench().open("/ui/system");
      await others.getByText("shown to keys with the scope").waitFor();
      for (const name of ["API keys", "Tenants"]) {
        expect(await others.getByRole("heading", { name }).count()).toBe(0);
      }
    });
  });
}
