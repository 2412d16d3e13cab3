import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { Engine } from "../engine/find-engine.ts";
import { lastLines } from "../host/run-program.ts";
import type { Note } from "../terminal/progress.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { followRows } from "./follow-rows.ts";
import { listImageFiles, type ImageParts } from "./hash-inputs.ts";

export interface ImageBuild {
  readonly engine: Engine;
  readonly root: string;
  readonly name: string;
  readonly parts: ImageParts;
  /** The path of a Node binary for Linux. */
  readonly node: string;
  readonly base: string;
  /** Whether nothing that a build of before has left is used again. */
  readonly fresh: boolean;
  readonly note: Note;
}

/** What is kept of the build's output, for the message at its end. */
const LOG_LIMIT = 64 * 1024;

/** Builds the agent image from a context that holds just what the Dockerfile copies. */
export async function buildImage({
  engine,
  name,
  base,
  fresh,
  note,
  ...made
}: ImageBuild): Promise<Result<null, SetupFault>> {
  const context = await mkdtemp(join(tmpdir(), "longshore-image-"));
  try {
    const src = await fillContext(context, made);
    const version = name.split(":")[1] ?? "";
    const buildargs = { BASE: base, VERSION: version, PROGRAM_MODE: made.parts.programMode };
    const options = { t: name, buildargs, forcerm: true, nocache: fresh };
    const stream = await engine.docker.buildImage({ context, src: [...src] }, options);
    let log = "";
    const error = await followRows(engine, stream, (text) => {
      log = (log + text).slice(-LOG_LIMIT);
      note(lastLines(text, 1));
    });
    if (error === null) return succeed(null);
    return fail({
      what: `The agent image cannot be built: ${error}\n${lastLines(log, 20)}`,
      advice: adviceFor(log + error),
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function fillContext(
  context: string,
  { root, parts, node }: Pick<ImageBuild, "root" | "parts" | "node">,
) {
  const files = await listImageFiles(root);
  for (const file of files) {
    await mkdir(dirname(join(context, file)), { recursive: true });
    await copyFile(join(root, "agent-image", file), join(context, file));
  }
  await writeFile(join(context, "agent.cjs"), parts.agent);
  await writeFile(join(context, "seccomp-profile.h"), parts.profileHeader);
  // 127 MB: a link where the temporary folder is on the same file system.
  await link(node, join(context, "node")).catch(() => copyFile(node, join(context, "node")));
  return [...files, "agent.cjs", "seccomp-profile.h", "node"];
}

function adviceFor(log: string): string {
  if (/no space left/i.test(log))
    return "The engine's disk is full. Free about 3 GB (docker image prune), then run the command again.";
  if (/Could not resolve|Temporary failure|Unable to connect|Failed to fetch/i.test(log))
    return "Containers of a build cannot reach Debian's package archive. Check the network and the engine's DNS and proxy settings.";
  return "The lines above say which step of agent-image/Dockerfile failed.";
}

/** The size of an image in bytes, or null where the engine does not have it. */
export async function imageBytes({ docker }: Engine, name: string): Promise<number | null> {
  try {
    return (await docker.getImage(name).inspect()).Size;
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return null;
    throw error;
  }
}
