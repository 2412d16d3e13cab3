import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createDockerProvider } from "../../apps/worker/src/sandbox/docker/create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "../../apps/worker/src/sandbox/docker/docker-provider.testkit.ts";
import {
  buildScriptedImage,
  onCommand,
} from "../../apps/worker/src/sandbox/docker/scripted-image.testkit.ts";
import { untilFramesEnd } from "../../apps/worker/src/sandbox/run-steps.testkit.ts";
import { endAndRemove, started } from "../../apps/worker/src/sandbox/sandbox-under-test.testkit.ts";
import { createTestWorld } from "./egress-bench.ts";
import { openNetwork } from "./run-with-network.ts";

const docker = new Docker();
const image = `longshore-agent:flood-${randomUUID().slice(0, 8)}`;

/** What it sends again and again, a thousand times at once. */
const floods: readonly [string, string][] = [
  ["that a connection has ended which there never was", '{"type":"egress_end","connection":1}'],
  ["data of no connection", `{"type":"egress_data","connection":1,"data":"${"A".repeat(400)}"}`],
];

describe("an agent that was taken over, of a Job with a network,", { timeout: 60_000 }, () => {
  beforeAll(() => buildScriptedImage(docker, image, onCommand), 120_000);
  afterAll(async () => {
    await removeLeftovers();
    await docker.getImage(image).remove({ force: true });
  });

  it.each(floods)("is cut off when it says without end %s, and costs the worker little", async (_, line) => {
    const provider = createDockerProvider({ ...(await dockerDeps(docker)), image });
    const sandbox = await started(provider);
    const lines: string[] = [];
    const network = { allow: ["example.test"] };
    const say = (text: string): void => void lines.push(text);
    const egress = openNetwork(sandbox, { settings: createTestWorld({}, {}).settings, network, say });
    const evil = `const many = ${JSON.stringify(`${line}\n`)}.repeat(1_000); for (;;) say(many);`;
    const before = process.memoryUsage().rss;
    const data = Buffer.from(evil).toString("base64");
    await sandbox.send({ type: "file", path: "evil.js", data, append: false });
    await vi.waitFor(() => expect(sandbox.breach()).not.toBeNull(), { timeout: 20_000 });
    await untilFramesEnd(sandbox);
    expect(sandbox.breach()).toBe("the agent sent more of connections than its window");
    expect(lines).toEqual(["network: held to 5000 messages a second"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 2 ** 20);
    egress.stop();
    await endAndRemove(sandbox);
  });
});
