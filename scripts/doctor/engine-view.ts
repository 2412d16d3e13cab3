import type Docker from "dockerode";
import { isJobId } from "@longshore/shared/domain/job-id";

/** A container of this installation, as the engine lists it. */
export interface ContainerRecord {
  /** The id; of one that waits for a Job, its name, which nobody has any more once it was handed over. */
  readonly ref: string;
  readonly name: string;
  /** Null for one that waits for a Job. */
  readonly owner: { readonly jobId: string; readonly attempt: number } | null;
  /** Id of the worker that has started it; null where its labels do not say. */
  readonly startedBy: string | null;
  readonly running: boolean;
  /** By the clocks of this machine and of the engine's. */
  readonly ageSeconds: number;
}

/** The engine's side of the ledger. */
export interface EngineView {
  /** What the engine calls itself: Jobs say by it where their containers are. */
  readonly id: string;
  /** This installation's containers, running or not. */
  readonly list: () => Promise<readonly ContainerRecord[]>;
  /** Kills and removes a container; fine where it is gone already. */
  readonly remove: (ref: string) => Promise<void>;
}

const CALL_LIMIT_MS = 15_000;
const liveStates: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);
// As the worker names them: with an epoch once another worker has taken the container over.
const attemptName = /^\/?longshore-([0-9a-f-]{36})-a([1-9][0-9]{0,8})(?:-e[1-9][0-9]{0,8})?$/;

/** The containers that carry this installation's label, and no others. */
export async function openEngineView(docker: Docker, installationId: string): Promise<EngineView> {
  // safety: "ID" is in the engine's answer since API 1.18; the types leave it open.
  const { ID } = (await docker.info()) as { ID?: string };
  return {
    id: ID ?? "",
    list: async () => {
      const found = await docker.listContainers({
        all: true,
        filters: { label: [`longshore.installation=${installationId}`] },
        abortSignal: AbortSignal.timeout(CALL_LIMIT_MS),
      });
      return found.map(({ Id, Names, State, Created, Labels }) => ({
        ref: readOwner(Names[0] ?? "") === null ? (Names[0] ?? Id).replace(/^\//, "") : Id,
        name: (Names[0] ?? Id).replace(/^\//, ""),
        owner: readOwner(Names[0] ?? ""),
        startedBy: Labels?.["longshore.worker"] ?? null,
        running: liveStates.has(State),
        ageSeconds: Date.now() / 1_000 - Created,
      }));
    },
    remove: async (ref) => {
      const options = { force: true, v: true, abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) };
      await docker.getContainer(ref).remove(options).catch(unlessGone);
    },
  };
}

function readOwner(name: string): ContainerRecord["owner"] {
  const [, jobId, attempt] = attemptName.exec(name) ?? [];
  if (jobId === undefined || attempt === undefined || !isJobId(jobId)) return null;
  return { jobId, attempt: Number(attempt) };
}

/** 404: it is gone; 409: somebody removes it just now. */
function unlessGone(error: unknown): void {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : null;
  if (status !== 404 && status !== 409) throw error;
}
