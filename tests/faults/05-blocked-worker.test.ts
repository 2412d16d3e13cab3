import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blockable } from "../support/preload.ts";
import { startPrinting, systemLines } from "../support/running-job.ts";
import type { ServiceProcess } from "../support/service-process.ts";
import { type Stack, startStack } from "../support/stack.ts";

const leaseSeconds = 5;
const blockedMs = 20_000;

const idOf = ({ log }: ServiceProcess) => log.find(({ msg }) => msg === "the worker takes jobs")?.["id"];

describe("a worker whose event loop is blocked for four leases (fault 5)", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      backend: "redis",
      env: { LEASE_SECONDS: String(leaseSeconds), ...blockable(blockedMs) },
    });
  });
  afterAll(() => stack.stop());

  const ownerOf = async (job: string) => {
    const rows = await stack.database.sql<{ leaseOwner: string | null }[]>`
      SELECT lease_owner FROM jobs WHERE id = ${job}`;
    return rows[0]?.leaseOwner;
  };

  test("loses its job to another, which goes on in the same container; when it comes to itself it harms nothing, and works again", async () => {
    const other = await stack.addWorker();
    const command = "for i in $(seq 60); do echo $i; sleep 0.5; done; echo ran >> marks";
    const job = await startPrinting(stack.client, command);
    const [blocked, next] =
      (await ownerOf(job)) === idOf(other) ? [other, stack.worker()] : [stack.worker(), other];
    blocked.send("SIGUSR2");
    await expect.poll(() => ownerOf(job), { timeout: 30_000 }).toBe(idOf(next));
    const ended = await stack.client.ended(job, 100_000);
    const said = await systemLines(stack.client, job);
    expect({ ...ended, said }).toMatchObject({ status: "succeeded", attempt: 1 });
    const numbers = Array.from({ length: 60 }, (_, index) => `${String(index + 1)}\n`);
    expect(await stack.client.printed(job)).toBe(numbers.join(""));
    expect((await stack.client.download(job)).zip.text("outputs/marks")).toBe("ran\n");
    await next.end("SIGTERM");
    const later = await stack.client.schedule({ steps: [{ kind: "shell", command: "echo later" }] });
    expect(await stack.client.ended(later)).toMatchObject({ status: "succeeded", attempt: 1 });
    await expect.poll(() => stack.containers(), { timeout: 10_000 }).toEqual([]);
  }, 180_000);
});
