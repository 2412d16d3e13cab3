import { filePieceBytes, type WireStep, type WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import type { JobSecrets } from "@longshore/shared/contracts/environment";
import type { JobRequest } from "@longshore/shared/contracts/schedule-request";
import type { Step } from "@longshore/shared/contracts/step";
import { logLinesPerMb } from "@longshore/shared/domain/limits";
import { agentSilenceMs } from "../sandbox/agent-silence.ts";

const bytesPerMb = 1_048_576;

/** A Step as the agent gets it. */
export function toWireStep(step: Step): WireStep {
  const common = {
    timeout_ms: step.timeout_seconds === undefined ? null : step.timeout_seconds * 1_000,
    continue_on_error: step.continue_on_error,
  };
  switch (step.kind) {
    case "shell":
      return { kind: "shell", command: step.command, ...common };
    case "python":
      return { kind: "python", code: step.code, ...common };
    case "write_file":
      return {
        kind: "write_file",
        path: step.path,
        content: step.content,
        encoding: step.encoding,
        ...common,
      };
  }
}

/** Every frame that a fresh agent is sent: the files in pieces, then the Job. */
export function* jobFrames(
  job: {
    readonly jobId: string;
    readonly attempt: number;
    readonly request: JobRequest;
    readonly secrets: JobSecrets;
    readonly resumeToken: string;
  },
  steps: readonly Step[] | null,
): Generator<WorkerFrame> {
  const { request, secrets } = job;
  for (const { path, content, encoding } of request.files)
    yield* fileFrames(path, Buffer.from(content, encoding));
  yield {
    type: "job",
    job_id: job.jobId,
    attempt: job.attempt,
    // Over the stream alone: what the engine knows of a container, whoever asks it is told.
    env: { ...request.env, ...secrets },
    log_bytes: request.limits.log_mb * bytesPerMb,
    log_lines: request.limits.log_mb * logLinesPerMb,
    resume_token: job.resumeToken,
    silence_ms: agentSilenceMs,
    ...(request.network === "none" ? {} : { egress: true }),
    steps: steps === null ? null : steps.map(toWireStep),
  };
}

function* fileFrames(path: string, content: Buffer): Generator<WorkerFrame> {
  let offset = 0;
  do {
    const data = content.subarray(offset, offset + filePieceBytes).toString("base64");
    yield { type: "file", path, data, append: offset > 0 };
    offset += filePieceBytes;
  } while (offset < content.length);
}
