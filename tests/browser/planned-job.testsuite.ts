import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceProcess } from "../support/service-process.ts";
import type { Bench } from "./bench.ts";
import { findBarriers } from "./find-barriers.ts";

const planOf = (...commands: string[]) => ({
  content: JSON.stringify({ steps: commands.map((command) => ({ kind: "shell", command })) }),
  usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
});

/** The page of a job that a model plans, and plans anew. */
export function plannedJobTestsuite(bench: () => Bench): void {
  describe("the page of a job that a model plans", { timeout: 60_000 }, () => {
    let mock: LLMock;
    let planner: ServiceProcess;
    beforeAll(async () => {
      mock = new LLMock({ port: 0, strict: true });
      // The first that fits answers: the turn that is told of the failure, then the first one.
      mock.onMessage(/exit code 3/, planOf("echo counted > widgets.txt", "echo mended; sleep 60"));
      mock.onMessage(/count the widgets/, planOf("echo counted > widgets.txt", "echo jammed >&2; exit 3"));
      await mock.start();
      const { stack } = bench();
      // Of a worker without models, a prompt is its own plan.
      await stack.worker().end("SIGTERM");
      planner = await stack.addWorker({
        ...{ PRIMARY_BASE_URL: `${mock.url}/v1`, PRIMARY_MODEL: "planner-1", PRIMARY_API_KEY: "none" },
      });
    }, 60_000);
    afterAll(async () => {
      await planner.end("SIGTERM");
      await bench().stack.startWorker();
      await mock.stop();
    });

    test("shows the code of each plan while it runs, and the repair beside what it replaced", async () => {
      const id = await bench().schedule({ prompt: "Please count the widgets.", max_turns: 2 });
      const page = await bench().open(`/ui/jobs/${id}`);
      await page.locator(".log-row").getByText("mended").waitFor();
      await page.getByRole("region", { name: "Code of step 2" }).getByText("sleep 60").waitFor();
      await page.getByRole("button", { name: "Plan 1" }).click();
      await page.getByRole("button", { name: "2 shell" }).click();
      await page.getByRole("region", { name: "Code of step 2" }).getByText("exit 3").waitFor();
      await page.getByRole("tab", { name: "Plans (2)" }).click();
      const diff = page.getByRole("region", { name: "Plan 1 and Plan 2" });
      await diff.locator(".turn-removed").getByText("echo jammed >&2; exit 3").waitFor();
      await diff.locator(".turn-added").getByText("echo mended; sleep 60").waitFor();
      expect(await diff.locator(".turn-line").getByText("echo counted > widgets.txt").count()).toBe(2);
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("The job has ended: cancelled").waitFor();
      // Also of a job that has ended, and of the plan that the archive has not.
      await page.reload();
      await page.getByRole("tab", { name: "Plans (2)" }).click();
      await diff.locator(".turn-removed").getByText("exit 3").waitFor();
    });
  });
}
