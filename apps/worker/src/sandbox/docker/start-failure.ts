import type { SandboxStartFailure } from "../sandbox-provider.ts";
import { isEngineAway } from "./engine-away.ts";
import { engineMessage, engineStatus } from "./engine-call.ts";
import { printableText } from "./printable-text.ts";

const mostCharacters = 1_000;
const mostStderrCharacters = 500;

/** Absolute paths, but for those that are the same inside of every Sandbox, and the engine's names of containers. */
const hostPath =
  /(?<![\w.-])\/(?!(?:workspace|tmp)(?![\w./-])|opt\/longshore\/|longshore-)[^\s"'`,;:()[\]{}]+/gu;
const address = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[[\da-f:]*:[\da-f:]*\](?::\d+)?/giu;

/**
 * A failure to start, fit to be shown to whoever sent the Job: nothing in it names a path or an address of the
 * server. `error` is what was thrown, or a sentence; what it says in full is for the log.
 */
export function startFailure(
  error: unknown,
  { image, stderr = "" }: { readonly image?: string; readonly stderr?: string } = {},
): SandboxStartFailure {
  const what = image === undefined ? "A Sandbox" : `A Sandbox of the image ${image}`;
  const agent = stderr === "" ? "" : ` Its agent wrote: ${stderr.slice(-mostStderrCharacters)}`;
  const said = withoutServerDetails(`${sentence(error)}${agent}`);
  return { code: "sandbox_start_failed", message: `${what} could not be started. ${said}` };
}

function sentence(error: unknown): string {
  if (isEngineAway(error) || isOfSystem(error)) return "The container engine cannot be reached.";
  return printableText(engineMessage(error), mostCharacters);
}

/** True for what has a code of Node's: faults of the system and of connections, of which the words are full of paths and addresses. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && engineStatus(error) === null && "code" in error;
}

function withoutServerDetails(text: string): string {
  return text.replace(hostPath, "[path]").replace(address, "[address]");
}
