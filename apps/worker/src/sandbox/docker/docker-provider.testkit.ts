import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { createDockerProvider, type DockerProviderDeps } from "./create-docker-provider.ts";

/** The image of the tests: that of AGENT_IMAGE, or the one that was built by hand. */
// oxlint-disable-next-line node/no-process-env -- the tests' set-up names the image that it built
export const agentImage = process.env["AGENT_IMAGE"] ?? "longshore-agent:dev";

/** What the tests' Sandboxes run under; another than runc is to be known to the engine. */
// oxlint-disable-next-line node/no-process-env -- whoever runs the conformance suite under another runtime names it
const runtime = process.env["SANDBOX_RUNTIME"] ?? "runc";

const installations: DockerProviderDeps[] = [];

/** Removes what failed tests of this file left on the engine. For `afterAll`. */
export async function removeLeftovers(): Promise<void> {
  for (const deps of installations) {
    const provider = createDockerProvider(deps);
    const left = await provider.list(AbortSignal.timeout(20_000));
    await Promise.all(left.map((each) => provider.removeListed(each)));
  }
}

/** What a provider of this test run needs; its installation is nobody else's. */
export async function dockerDeps(docker: Docker): Promise<DockerProviderDeps> {
  const profile = await readFile(new URL("seccomp-profile.json", import.meta.url), "utf8");
  const deps: DockerProviderDeps = {
    docker,
    image: agentImage,
    runtime,
    installationId: `test-${randomUUID()}`,
    workerId: randomUUID(),
    logger: { debug: () => undefined, warn: () => undefined },
    seccompProfile: profile,
  };
  installations.push(deps);
  return deps;
}
