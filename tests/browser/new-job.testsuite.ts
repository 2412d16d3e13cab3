import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createClient } from "@longshore/client";
import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import type { Bench } from "./bench.ts";

const run = promisify(execFile);

/** From the wish to the job. */
export function newJobTestsuite(bench: () => Bench): void {
  const client = () => createClient({ url: bench().url, apiKey: bench().keys.owner });
  /** Waits for the page of the job that was just begun, and gives its number. */
  const jobOf = async (page: Page) => {
    await page.waitForURL(/\/ui\/jobs\/[0-9a-f-]{36}$/);
    return page.url().slice(-36);
  };

  describe("the page for a new job", () => {
    test("runs an example as it is, without a model", async () => {
      const page = await bench().open("/ui/new");
      await page.getByRole("button", { name: "Count lines in the shell" }).click();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      const id = await jobOf(page);
      await page.getByText("succeeded").first().waitFor();
      expect((await client().status(id)).plan).toMatchObject({ source: "literal" });
    });

    test("runs one job, however often it is clicked before its page comes, and another after a refusal", async () => {
      const page = await bench().open("/ui/new");
      await page.getByRole("button", { name: "Run", exact: true }).dblclick();
      await page.getByRole("alert").first().waitFor();
      const handedIn: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST") handedIn.push(new URL(request.url()).pathname);
      });
      await page.getByLabel("What is to be done").fill("```sh\necho once\n```");
      await page.getByRole("button", { name: "Run", exact: true }).dblclick();
      await bench().ended(await jobOf(page));
      await page.getByRole("heading", { level: 1, name: "echo once" }).waitFor();
      expect(handedIn).toEqual(["/schedule"]);
    });

    test("gives the job what was set in it: files, network, limits, environment, secrets, labels", async () => {
      const page = await bench().open("/ui/new");
      await page
        .getByLabel("What is to be done")
        .fill("Look:\n```sh\ncat in.txt\necho $GREETING $TOKEN\n```");
      await page.getByLabel("Files for the workspace").setInputFiles([
        { name: "in.txt", mimeType: "text/plain", buffer: Buffer.from("from the browser\n") },
        { name: "raw.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0xff, 0x00, 0xfe]) },
      ]);
      await page.getByText("raw.bin").waitFor();
      await page.getByLabel("Network").selectOption("These hosts");
      await page.getByLabel("Hosts").fill("example.com, *.example.org");
      await page.getByText("Limits, environment, secrets, labels").click();
      await page.getByLabel("Memory, MiB").fill("256");
      for (const [one, name, value] of [
        ["variable", "GREETING", "ahoy"],
        ["secret", "TOKEN", "do not show"],
        ["label", "pier", "north"],
      ] as const) {
        await page.getByRole("button", { name: `Add a ${one}` }).click();
        await page.getByLabel(`Name of ${one} 1`).fill(name);
        await page.getByLabel(`Value of ${one} 1`).fill(value);
      }
      await page.getByRole("button", { name: "Run", exact: true }).click();
      const id = await jobOf(page);
      await bench().ended(id);
      const lines = await Array.fromAsync(client().logs(id, { stream: "stdout" }));
      expect(lines.map(({ text }) => text)).toEqual(["from the browser", "ahoy ***"]);
      expect((await client().status(id)).metadata).toEqual({ pier: "north" });
      expect(await page.content()).not.toContain("do not show");
    });

    test("takes files that are dropped on it, and says of one that is too large that it is", async () => {
      const page = await bench().open("/ui/new");
      const files = page.getByRole("group", { name: "Files" });
      const dropped = await page.evaluateHandle(
        'Object.assign(new DataTransfer(), {}).items && (() => { const data = new DataTransfer(); data.items.add(new File(["x"], "dropped.txt")); return data; })()',
      );
      await files.dispatchEvent("drop", { dataTransfer: dropped });
      await files.getByText("dropped.txt").waitFor();
      const large = { name: "large.bin", mimeType: "", buffer: Buffer.alloc(10 * 1_024 * 1_024 + 1) };
      await page.getByLabel("Files for the workspace").setInputFiles(large);
      await files.getByText("10 MiB together").waitFor();
      await page.getByRole("button", { name: "Leave out dropped.txt" }).click();
      expect(await files.getByText("dropped.txt").count()).toBe(0);
    });

    test("takes files that are dropped or pasted anywhere, each under a name of its own, and text as text", async () => {
      const page = await bench().open("/ui/new");
      const files = page.getByRole("group", { name: "Files" });
      await page.getByLabel("What is to be done").waitFor();
      const send = (what: "drop" | "paste", name: string, text = "") =>
        page.evaluate(`(() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], ${JSON.stringify(name)}));
          if (${JSON.stringify(text)} !== "") data.setData("text/plain", ${JSON.stringify(text)});
          const common = { bubbles: true, cancelable: true };
          document.querySelector("textarea").dispatchEvent(${JSON.stringify(what)} === "drop"
            ? new DragEvent("drop", { ...common, dataTransfer: data })
            : new ClipboardEvent("paste", { ...common, clipboardData: data }));
        })()`);
      await send("drop", "dropped.txt");
      await files.getByText("dropped.txt").waitFor();
      await send("paste", "image.png", "cells of a table, of which there is a picture, too");
      await send("paste", "image.png");
      await files.getByText("image.png").waitFor();
      await send("paste", "image.png");
      await files.getByText("image-2.png").waitFor();
      expect(await files.getByRole("listitem").count()).toBe(3);
    });

    test("shows what the service refuses at the fields, also in the folded part", async () => {
      const page = await bench().open("/ui/new");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText("must not be empty").first().waitFor();
      expect(await page.getByLabel("What is to be done").getAttribute("aria-invalid")).toBe("true");
      await expect
        .poll(() => page.evaluate("document.activeElement.tagName + document.activeElement.ariaInvalid"))
        .toBe("TEXTAREAtrue");
      await page.getByLabel("What is to be done").fill("x");
      const folded = page.getByText("Limits, environment, secrets, labels");
      await folded.click();
      await page.getByLabel("Processors").fill("1000");
      await folded.click();
      await page.getByRole("button", { name: "Run", exact: true }).click();
      const field = page.getByLabel("Processors");
      await field.waitFor();
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      await page.getByRole("alert").getByText("limits/cpus").waitFor();
    });

    test("writes the same job for a terminal, and that runs", async () => {
      const page = await bench().open("/ui/new");
      await page.getByLabel("What is to be done").fill("It's:\n```sh\necho 'quoted \"twice\"'\n```");
      await page.getByText("The same from a terminal").click();
      const curl = await page.getByRole("region", { name: "curl" }).innerText();
      const env = { ...process.env, LONGSHORE_API_KEY: bench().keys.owner };
      const { stdout } = await run("bash", ["-c", curl], { env });
      // safety: the answer of POST /schedule.
      const { job_id } = JSON.parse(stdout) as { job_id: string };
      await bench().ended(job_id);
      const lines = await Array.fromAsync(client().logs(job_id, { stream: "stdout" }));
      expect(lines.map(({ text }) => text)).toEqual(['quoted "twice"']);
      await page.getByRole("tab", { name: "Command line" }).click();
      await page.getByText("longshore run").waitFor();
      await page.getByRole("tab", { name: "TypeScript" }).click();
      await page.getByText("await client.run").waitFor();
    });

    test("edits a job that was run, and runs it again", async () => {
      const { schedule, open, ended } = bench();
      const first = await schedule({
        prompt: "about it",
        steps: [{ kind: "shell", command: "echo first" }],
        limits: { memory_mb: 128 },
        metadata: { pier: "south" },
      });
      const page = await open(`/ui/new?from=${first}`);
      const step = page.getByLabel("Step 1, shell");
      expect(await step.inputValue()).toBe("echo first");
      await step.fill("echo second");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      const id = await jobOf(page);
      await ended(id);
      expect(await client().request(id)).toMatchObject({
        request: {
          prompt: "about it",
          steps: [{ command: "echo second" }],
          limits: { memory_mb: 128 },
          metadata: { pier: "south" },
        },
      });
    });
  });

  test("a job is begun, looked for and opened by keys alone", async () => {
    const page = await bench().open("/ui/jobs");
    await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "New job" }).waitFor();
    const prompt = page.getByLabel("What is to be done");
    for (let presses = 0; presses < 20 && !(await prompt.evaluate(isFocused)); presses += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.type("by keys alone\n```sh\ntrue\n```");
    await page.keyboard.press("Control+Enter");
    const id = await jobOf(page);
    await prompt.waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByRole("link", { name: "by keys alone" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("keys alone");
    await page.waitForURL(/q=keys\+alone/);
    await expect.poll(() => page.getByRole("table").getByRole("link").count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    expect(await jobOf(page)).toBe(id);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
}

/** Runs in the page: no more of it than what stands here. */
const isFocused = (element: { readonly ownerDocument: { readonly activeElement: unknown } }) =>
  element.ownerDocument.activeElement === element;
