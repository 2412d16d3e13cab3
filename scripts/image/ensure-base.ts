import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Engine } from "../engine/find-engine.ts";
import { findProgram } from "../host/find-program.ts";
import { canInstallPackages, installPackages } from "../host/install-packages.ts";
import { lastLines, runProgram } from "../host/run-program.ts";
import type { Note, Progress } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import { imageBytes } from "./build-image.ts";
import { followRows } from "./follow-rows.ts";

const REGISTRY_BASE = "debian:bookworm-slim";
const OWN_BASE = "longshore-base:bookworm";
/** A registry that can be reached says something within this time; after that a slow download is let go on. */
const PULL_ANSWER_MS = 8_000;
const PULL_LIMIT_MS = 10 * 60_000;
const BOOTSTRAP_LIMIT_MS = 10 * 60_000;

/**
 * The image that the agent image starts from: Debian's from the registry, else one made here by mmdebstrap. One that the
 * engine has is taken as it is, unless it is to be `fresh`.
 */
export async function ensureBase(
  engine: Engine,
  progress: Progress,
  fresh: boolean,
): Promise<Result<string, SetupFault>> {
  for (const name of fresh ? [] : [REGISTRY_BASE, OWN_BASE])
    if ((await imageBytes(engine, name)) !== null) return succeed(name);
  const refusal = await progress.phase(`Pulling ${REGISTRY_BASE}`, (note) => pull(engine, note));
  if (refusal.ok) return succeed(REGISTRY_BASE);
  progress.say(
    `  It cannot be pulled: ${refusal.failure}\n  So the base is made here from Debian's packages.`,
  );
  if ((await findProgram("mmdebstrap")) === null) {
    if (!(await canInstallPackages())) return fail(noBase(refusal.failure));
    const installed = await installPackages(["mmdebstrap"], progress);
    if (!installed.ok) return installed;
  }
  return progress.phase(`Making ${OWN_BASE} (mmdebstrap)`, (note) => bootstrapBase(engine, note));
}

async function pull(engine: Engine, note: Note): Promise<Result<null, string>> {
  const stop = new AbortController();
  const silent = setTimeout(() => stop.abort(), PULL_ANSWER_MS);
  const limit = setTimeout(() => stop.abort(), PULL_LIMIT_MS);
  try {
    const stream = await engine.docker.pull(REGISTRY_BASE, { abortSignal: stop.signal });
    const error = await followRows(engine, stream, (text) => {
      clearTimeout(silent);
      note(text);
    });
    return error === null ? succeed(null) : fail(error);
  } catch (error) {
    if (stop.signal.aborted) return fail("the registry does not answer");
    return fail((error instanceof Error ? error.message : String(error)).trim());
  } finally {
    clearTimeout(silent);
    clearTimeout(limit);
  }
}

async function bootstrapBase(engine: Engine, note: Note): Promise<Result<string, SetupFault>> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-base-"));
  try {
    const tar = join(folder, "base.tar");
    const args = ["--variant=minbase", "--include=ca-certificates", "bookworm", tar];
    const onOutput = (text: string) => note(lastLines(text, 1));
    const made = await runProgram("mmdebstrap", args, { limitMs: BOOTSTRAP_LIMIT_MS, onOutput });
    if (made.code !== 0) return fail(systemFault("mmdebstrap", lastLines(made.output)));
    // An imported image has no configuration at all; without a PATH its first RUN finds nothing.
    const changes = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const [repo, tag] = OWN_BASE.split(":");
    const stream = await engine.docker.importImage(createReadStream(tar), { repo, tag, changes });
    const error = await followRows(engine, stream, note);
    return error === null ? succeed(OWN_BASE) : fail(systemFault("Importing the base image", error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noBase(reason: string): SetupFault {
  return {
    what: `The base image ${REGISTRY_BASE} cannot be pulled: ${reason}.`,
    advice:
      "Check the network (docker pull debian:bookworm-slim), load it from a file (docker load), or run this command " +
      "once as root on Debian or Ubuntu, where the base is made from Debian's packages.",
  };
}
