import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tarEndMark, tarEntry } from "../../apps/worker/src/archive/tar-fixture.ts";
import { type Stack, startStack } from "../support/stack.ts";

const docker = new Dockerode();
const tag = randomUUID().slice(0, 8);
const missing = `longshore-test-missing:${tag}`;
// Of a registry that is not there: port 9 of this machine.
const unpullable = `127.0.0.1:9/longshore-test:${tag}`;
const foreign = `longshore-test-foreign:${tag}`;

/** An image for the other of the two machines that there are, whose init is a program for it. */
async function importForeignImage(): Promise<void> {
  const [machine, platform] = process.arch === "arm64" ? [0x3e, "linux/amd64"] : [0xb7, "linux/arm64"];
  const elf = Buffer.alloc(120);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(machine, 18);
  const root = [tarEntry({ name: "opt/longshore/init", mode: "0000755\0" }, elf), tarEndMark];
  const [repo, version] = foreign.split(":");
  const progress = await docker.importImage(Readable.from(root), { repo, tag: version, platform });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
}

describe("a worker whose image cannot be started (fault 13)", () => {
  let stack: Stack;
  beforeAll(async () => {
    await importForeignImage();
    stack = await startStack({ backend: "postgres", env: { AGENT_IMAGE: missing } });
  });
  afterAll(async () => {
    await stack.stop();
    await docker.getImage(foreign).remove({ force: true });
  });

  test.each([
    ["is not there", missing],
    ["cannot be pulled", unpullable],
    ["is for another architecture", foreign],
  ])(
    "where it %s: the job has failed as sandbox_start_failed, and the message names it",
    async (_, image) => {
      const worker = image === missing ? stack.worker() : await stack.addWorker({ AGENT_IMAGE: image });
      const job = await stack.client.schedule({
        steps: [{ kind: "shell", command: "echo never" }],
        max_attempts: 1,
      });
      const ended = await stack.client.ended(job);
      expect(ended).toMatchObject({
        status: "failed",
        failure: { code: "sandbox_start_failed", step: null },
      });
      expect(ended.failure?.message).toContain(image);
      expect(await stack.client.printed(job)).toBe("");
      expect(await stack.containers()).toEqual([]);
      await worker.end("SIGTERM");
    },
    60_000,
  );
});
