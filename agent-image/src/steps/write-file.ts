import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { placeFile } from "../sandbox/place-file.ts";
import type { StepOutcome } from "./run-program.ts";

type WriteFileStep = Extract<WireStep, { kind: "write_file" }>;

/** Writes a file below /workspace, by the agent itself. What the file system refuses is a failed Step with a note. */
export function writeFileStep({ path, content, encoding }: WriteFileStep): StepOutcome {
  const placed = placeFile(path, Buffer.from(content, encoding), { append: false });
  const note = placed.ok ? null : placed.failure.message;
  return { exitCode: note === null ? 0 : 1, timedOut: false, sigkilled: false, note };
}
