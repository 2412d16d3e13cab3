import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Engine } from "../engine/find-engine.ts";
import { waitForFolderLock } from "../lock/folder-lock.mjs";
import type { Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import { buildImage, imageBytes } from "./build-image.ts";
import { bundleAgent } from "./bundle-agent.ts";
import { ensureBase } from "./ensure-base.ts";
import { hashInputs, type ImageParts } from "./hash-inputs.ts";
import { findLinuxNode } from "./linux-node.ts";
import { profileHeader, readProfile } from "./profile-header.ts";
import { programModeFor } from "./program-mode.ts";

export interface AgentImageOptions {
  readonly engine: Engine;
  /** The folder of package.json. */
  readonly root: string;
  /** AGENT_IMAGE: an image of the operator's own, used as it is. */
  readonly chosen: string | undefined;
  /** SANDBOX_RUNTIME: what the sandboxes run under. */
  readonly runtime: string | undefined;
  /** Whether to build it, base and packages too, although the engine has it: with the fixes that there are by now. */
  readonly fresh: boolean;
  readonly progress: Progress;
}

/** The longest that a first build on a slow line may take; another command waits this long for it. */
const BUILD_LIMIT_MS = 30 * 60_000;

/**
 * The name of the agent image, built where this engine does not have it yet. The name ends in the hash of what it is
 * made of, so that it never has to be asked whether an image is up to date.
 */
export async function ensureAgentImage(options: AgentImageOptions): Promise<Result<string, SetupFault>> {
  const { engine, root, chosen } = options;
  try {
    if (chosen) return await checkChosen(engine, chosen);
    const parts = {
      agent: await bundleAgent(root),
      profileHeader: profileHeader(await readProfile(root)),
      programMode: programModeFor(options.runtime),
    };
    const name = `longshore-agent:${await hashInputs(root, parts)}`;
    const isThere = async () => !options.fresh && (await imageBytes(engine, name)) !== null;
    if (await isThere()) return succeed(name);

    const lock = await waitForFolderLock(join(root, ".longshore", "image.lock"), {
      waitMs: BUILD_LIMIT_MS,
      onWait: ({ pid }) =>
        options.progress.say(`Process ${pid} is building the agent image; waiting for it.`),
    });
    if (!lock.ok)
      return fail({
        what: `Process ${lock.failure.pid} builds without end.`,
        advice: "Stop it, and try again.",
      });
    try {
      if (await isThere()) return succeed(name);
      return await build(options, name, parts);
    } finally {
      await lock.value.release();
    }
  } catch (error) {
    return fail(systemFault("Preparing the agent image", error));
  }
}

async function checkChosen(engine: Engine, chosen: string): Promise<Result<string, SetupFault>> {
  if ((await imageBytes(engine, chosen)) !== null) return succeed(chosen);
  return fail({
    what: `AGENT_IMAGE is ${chosen}, and the engine at ${engine.host} has no such image.`,
    advice: `Pull it (docker pull ${chosen}), or unset AGENT_IMAGE to have the image built here.`,
  });
}

async function build(
  options: AgentImageOptions,
  name: string,
  parts: ImageParts,
): Promise<Result<string, SetupFault>> {
  const { engine, root, progress, fresh } = options;
  const node = await findLinuxNode(engine, root, progress);
  if (!node.ok) return node;
  const base = await ensureBase(engine, progress, fresh);
  if (!base.ok) return base;
  const built = await progress.phase("Building the agent image (some minutes, the first time only)", (note) =>
    buildImage({ engine, root, name, parts, node: node.value, base: base.value, fresh, note }),
  );
  if (!built.ok) return built;
  const bytes = await imageBytes(engine, name);
  progress.say(`  ${name}: ${((bytes ?? 0) / 1e6).toFixed(0)} MB`);
  return succeed(name);
}
