import { randomUUID } from "node:crypto";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { Result } from "@longshore/shared/domain/result";
import { type Analyst, createAbsentAnalyst } from "../pipeline/analyst.ts";
import { chooseAnalyst } from "../pipeline/choose-analyst.ts";
import { maskGateway } from "../models/mask-gateway.ts";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import { concludeAttempt } from "./conclude-attempt.ts";
import type { ConcludeDeps } from "./conclude-deps.ts";
import type { CarryOutDeps, HeldSandbox } from "./carry-out-deps.ts";
import { drivePipeline } from "./drive-pipeline.ts";
import { leaveAttempt } from "./leave-attempt.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { type OwnSandbox, ownSandbox } from "./own-sandbox.ts";
import { SandboxUnknown } from "./sandbox-unknown.ts";
import { stopReason } from "./stop-reason.ts";

/** Gets the Sandbox to go on in, or says how the Attempt ends without one. May reject with {@link SandboxUnknown}. */
export type GetSandbox = (
  deps: CarryOutDeps,
  attempt: OpenAttempt,
) => Promise<Result<HeldSandbox, AttemptOutcome>>;

/**
 * Carries an Attempt out to its end in the Sandbox that `getSandbox` gives, or leaves both to another worker. Rejects
 * with {@link SandboxUnknown} where it did.
 */
export async function carryOut(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
  getSandbox: GetSandbox,
): Promise<void> {
  const deadline = startDeadline(attempt, deps.leaseSeconds);
  let sandbox: Sandbox | null = null;
  let own: OwnSandbox | null = null;
  try {
    const analyst = analystOf(deps, attempt);
    // What is given needs no analysis.
    if (attempt.secrets.ok && analyst.givenPlan === null && attempt.row.plan === null)
      attempt.recorder.enter("analyze");
    let outcome: AttemptOutcome;
    if (analyst.absent === null || attempt.row.leaseEpoch > 0) {
      const got = await getSandbox(deps, attempt);
      if (got.ok) {
        ({ sandbox } = got.value);
        own = ownSandbox(attempt, sandbox, got.value.resumed?.after ?? 0);
      }
      outcome = got.ok ? await drivePipeline(deps, attempt, got.value, analyst) : got.failure;
    } else {
      // What nobody can plan needs no Sandbox; one that another worker has started is gone on with all the same.
      outcome = { type: "failed", failure: analyst.absent };
    }
    clearTimeout(deadline);
    await finish(deps, attempt, sandbox, outcome);
  } catch (error) {
    if (attempt.fenced.aborted) return;
    if (error instanceof SandboxUnknown) throw error;
    const reference = randomUUID();
    attempt.logger.error({ err: error, reference }, "the attempt failed by a bug");
    const message = `a fault inside the service; its log tells more at ${reference}`;
    const failure: JobFailure = { code: "internal", message, step: null };
    await finish(deps, attempt, sandbox, { type: "failed", failure });
  } finally {
    clearTimeout(deadline);
    await own?.letGo();
  }
}

function analystOf({ gateway }: CarryOutDeps, { secrets, recorder, memory }: OpenAttempt): Analyst {
  if (!secrets.ok) return createAbsentAnalyst(secretsUnavailable(secrets.failure));
  const { request, mask } = secrets.value;
  return chooseAnalyst(request, maskGateway(gateway, mask), recorder, memory);
}

/** Another worker may have the key: the Job is tried again, and fails with this where none has it. */
function secretsUnavailable(why: string): JobFailure {
  const message = `the job's secrets cannot be opened: ${why}; every API and worker has to have the same key`;
  return { code: "secrets_unavailable", message, step: null };
}

/** What ends Attempts, for who has the rest. */
export function concludeDeps(deps: CarryOutDeps): ConcludeDeps {
  const { store, storeArchive, retentionDays, newArchiveKey, metrics } = deps;
  return {
    ...{ store, storeArchive, retentionDays, newArchiveKey },
    onEnd: (status, failure) => metrics.jobEnded(status, failure),
  };
}

async function finish(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  outcome: AttemptOutcome,
): Promise<void> {
  if (attempt.fenced.aborted) return;
  const leaves =
    outcome.type === "handed_over" && sandbox !== null && stopReason(attempt.signal) === "hand_over";
  const conclusion = leaves ? "left" : await concludeAttempt(concludeDeps(deps), attempt, sandbox, outcome);
  if (conclusion === "left") await leaveAttempt(deps, attempt, sandbox);
}

/** Aborts when the Job's own time is over, which goes on while it has no worker. */
function startDeadline(attempt: OpenAttempt, leaseSeconds: number): NodeJS.Timeout {
  const leftMs = attempt.row.request.limits.timeout_seconds * 1_000 - ranForMs(attempt.row, leaseSeconds);
  if (leftMs <= 0) attempt.stop("timeout");
  return setTimeout(() => attempt.stop("timeout"), Math.max(0, leftMs));
}

/** How long the Attempt ran when its Lease was taken, by the database's clock. */
function ranForMs({ leaseUntil, attemptStartedAt }: JobRow, leaseSeconds: number): number {
  if (leaseUntil === null || attemptStartedAt === null) return 0;
  return Math.max(0, leaseUntil.getTime() - leaseSeconds * 1_000 - attemptStartedAt.getTime());
}
