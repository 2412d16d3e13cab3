import { describe, expect, test } from "vitest";
import { startCuttingProxy } from "../../support/cutting-proxy.ts";
import type { Face } from "../face.ts";
import { useCliBench } from "./cli-bench.ts";
import { call, textOf } from "./mcp-calls.ts";
import { overStdio } from "./mcp-connections.ts";

/** What an assistant is told that asks for what cannot be. */
export function mcpRefusalsTestsuite(face: () => Face): void {
  describe("longshore mcp", { timeout: 60_000 }, () => {
    const bench = useCliBench(face);

    test("refuses arguments that no tool has, by their names, and runs nothing", async () => {
      const { mcp, close } = await overStdio(bench);
      const { tools } = await mcp.listTools();
      expect(tools.map(({ inputSchema }) => inputSchema["additionalProperties"])).toEqual(
        tools.map(() => false),
      );
      const step = { kind: "shell", code: "true" };
      const job_id = crypto.randomUUID();
      for (const [tool, given] of [
        ["run_job", { steps: [step], mistyped: 1 }],
        ["run_job", { steps: [{ ...step, mistyped: 1 }] }],
        ["run_job", { steps: [step], files: [{ path: "a", content: "b", mistyped: 1 }] }],
        ...["job_status", "job_logs", "job_outputs", "cancel_job"].map(
          (name) => [name, { job_id, mistyped: 1 }] as const,
        ),
      ] as const) {
        const refused = await call(mcp, tool, given);
        expect(refused.isError).toBe(true);
        expect(textOf(refused)).toContain('Unrecognized key: "mistyped"');
      }
      await close();
    });

    test("names the job that was accepted before the service went away", async () => {
      const line = await startCuttingProxy(face().url, 0);
      const environment = () => ({ ...bench.environment(), LONGSHORE_URL: line.url });
      const { mcp, close } = await overStdio({ ...bench, environment });
      const jobs = () => bench.client().list({ status: ["running"], metadata: { via: "mcp" } });
      const accepted = async () => (await Array.fromAsync(jobs()))[0]?.job_id;
      const steps = [{ kind: "shell", code: "sleep 60" }];
      const answer = call(mcp, "run_job", { steps, wait_seconds: 3 });
      await expect.poll(accepted).toBeDefined();
      const id = await accepted();
      await line.close();
      const lost = await answer;
      expect(lost.isError).toBe(true);
      expect(textOf(lost)).toContain(`accepted before that, as ${String(id)}: don't run it again`);
      await close();
      await bench.client().cancel(String(id));
    });

    test("gives the next step to who has tools, and no shell", async () => {
      const { mcp, close } = await overStdio(bench);
      const steps = [{ kind: "shell", code: "true" }];
      const refused = textOf(await call(mcp, "run_job", { steps, network: ["not a host"] }));
      expect(refused).toContain("Change what is named above, and call the tool again.");
      const job_id = crypto.randomUUID();
      for (const tool of ["job_status", "job_logs", "job_outputs", "cancel_job"]) {
        const unknown = await call(mcp, tool, { job_id });
        expect(unknown.isError).toBe(true);
        expect(textOf(unknown)).toContain("Use a job_id that run_job gave.");
        expect(textOf(unknown) + refused).not.toMatch(/longshore ls|--help/);
      }
      await close();
    });
  });
}
