import type { AgentFrame, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import type { AgentEgressFrame } from "@longshore/shared/contracts/egress-wire";
import type { JobLimits } from "@longshore/shared/domain/limits";
import type { Result } from "@longshore/shared/domain/result";

/**
 * Takes what the agent says of its programs' connections, as it comes: it must not wait. `lineBytes` is what the frame cost
 * on the wire. Calls `onBreach` with a sentence where it is a breach of the protocol, at once or once it has found that out:
 * the agent's connection is then cut.
 */
export type TakeEgress = (
  frame: AgentEgressFrame,
  lineBytes: number,
  onBreach: (reason: string) => void,
) => void;

/** What a Sandbox is made for. */
export interface SandboxSpec {
  readonly jobId: string;
  readonly attempt: number;
  readonly limits: Pick<JobLimits, "cpus" | "memory_mb" | "pids" | "disk_mb">;
}

/** Why a Sandbox could not be started: a sentence that names the image or the part of the recipe that is missing. */
export interface SandboxStartFailure {
  readonly code: "sandbox_start_failed";
  readonly message: string;
}

/** What a Sandbox that another worker has started is taken over with. */
export interface AdoptionSpec {
  readonly jobId: string;
  readonly attempt: number;
  /** How often the Lease of this Attempt has changed hands: 1 for the first that takes over, higher for each later one. */
  readonly epoch: number;
  /** What the agent knows its owners by. */
  readonly token: string;
  /** Number of the agent's last frame that is on disk. */
  readonly after: number;
}

/** What came of taking a Sandbox over. */
export type Adoption =
  | {
      readonly type: "adopted";
      readonly sandbox: Sandbox;
      /** False where the agent has not got the Job, or not all of it: it is to be sent again. */
      readonly running: boolean;
    }
  /** It is not there, does not run, or its agent does not answer: what is left of it has been removed. A sentence. */
  | { readonly type: "gone"; readonly reason: string }
  /** A later owner has it already, as its name or its agent says: nothing more was touched. */
  | { readonly type: "superseded" };

/**
 * How a Sandbox ended. `oomKilled` is the engine's word: some process in it was killed for memory. `seen` is false where
 * the engine never said that it ended: nobody spoke to its agent for so long that it must have ended itself, or is frozen
 * and will as soon as it goes on.
 */
export interface SandboxEnd {
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  readonly seen: boolean;
}

/**
 * What the engine says of a Sandbox now. `gone` is also one that is paused, as nothing in it goes on; `unknown`
 * is an engine that does not answer, which says nothing of the Sandbox.
 */
export type SandboxLife = "running" | "gone" | "unknown";

/** What a Sandbox uses at a moment. */
export interface SandboxUse {
  /** Of its processes: what is in /workspace is not among it, nor what is cached of files. */
  readonly memoryBytes: number;
  /** Of all processors together, since it was started. */
  readonly cpuMs: number;
}

/** A Sandbox as the engine's own list shows it, whoever made it. `jobId`, `attempt` and `epoch` are null for a warm one. */
export interface SandboxRecord {
  readonly ref: string;
  /** What its present owner calls it: a later owner gives it another name. */
  readonly name: string;
  readonly jobId: string | null;
  readonly attempt: number | null;
  /** Of its present owner: 0 for the one that started it, and that of the AdoptionSpec for each later one. */
  readonly epoch: number | null;
  readonly running: boolean;
  /** Id of the worker that has started it; null where that is not known. */
  readonly startedBy: string | null;
  readonly createdAt: Date;
}

/** One name below /workspace, as the Job's own user sees it. */
export interface ListedOutput {
  readonly kind: "file" | "folder" | "link" | "socket" | "fifo" | "device" | "other";
  /** False where the Job's user itself may not read it, or enter it (for a link: what it leads to, if anything). */
  readonly readable: boolean;
  /** As lstat says. */
  readonly bytes: number;
  /** Relative to /workspace, without "./" before it; any bytes but NUL. One that is longer than can be opened may be cut. */
  readonly path: Buffer;
}

/** How the outputs of a Sandbox are taken. */
export interface TakeOutputsOptions {
  /** The largest file that is in the tar, in bytes. */
  readonly maxFileBytes: number;
  /** The most names in the path of what is in the tar, its own included. */
  readonly maxDepth: number;
  /**
   * Called before the tar's first byte with everything below /workspace, also what the tar leaves out without a word:
   * sockets, FIFOs, devices, what cannot be read, what is too large or too deep; and with null when that was all. Hostile
   * input: some megabytes of names, which must not all be kept. Where it was cut off, or was no listing, null never comes.
   */
  readonly onListed: (output: ListedOutput | null) => void;
  /**
   * Aborts where `signal` comes soon, and what has come by then counts: from then on they come in pieces, and not all at
   * once. Never, where left out.
   */
  readonly hurry?: AbortSignal;
}

/**
 * The started, checked Sandbox of one Attempt, with its agent at the other end of `frames` and `send`.
 * Its owner calls `end` and then `remove`, on every path.
 */
export interface Sandbox {
  readonly ref: string;
  /** True where it came from the warm pool. */
  readonly warm: boolean;
  /**
   * What the agent says, validated, pulled one at a time (what is not pulled is not read from the engine, up
   * to the protocol's window). Ends when the Sandbox or the connection is gone; a breach of the protocol
   * ends it too, and `breach` then says which.
   */
  readonly frames: AsyncIterable<AgentFrame>;
  /** The breach of the protocol that ended `frames`, or null. */
  breach(): string | null;
  /** Gives to `taker` what the agent says of connections, from its beginning: that is not among the `frames`. */
  onEgress(taker: TakeEgress): void;
  /** Sends a frame to the agent; resolves when the engine took it. Rejects when the connection is gone. */
  send(frame: WorkerFrame): Promise<void>;
  /** Asks the engine whether it runs. Never rejects, and answers within 5 s or when `signal` aborts: `unknown` then. */
  alive(signal: AbortSignal): Promise<SandboxLife>;
  /** Asks the engine what it uses. Never rejects, and answers within 5 s or when `signal` aborts: null where that is not known. */
  use(signal: AbortSignal): Promise<SandboxUse | null>;
  /**
   * /workspace as a tar stream (pax), made by a process of the Job's own user. Hostile input. Files larger than
   * `maxFileBytes` are left out of it, and what is deeper than `maxDepth`. Bounded by `signal`. To be called when nothing of the Steps runs any more.
   */
  takeOutputs(options: TakeOutputsOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Lets go of it and leaves it running, for another owner to adopt. Nothing more is sent or heard. */
  detach(): void;
  /**
   * Kills it, in the order that works on a busy engine, each call bounded and repeated; resolves when it runs no more.
   * Rejects where the engine does not do it; called again until nobody has spoken to the agent for
   * `agentEndsItselfMs` (agent-silence.ts), it resolves with an end that was not `seen`. Idempotent. One that a later owner has
   * adopted is left alone, and counts as ended.
   */
  end(): Promise<SandboxEnd>;
  /** Removes what is left of it; fine where it is gone already, or has a later owner. One whose end was not seen is left to a sweep. */
  remove(): Promise<void>;
}

/** Where Sandboxes come from. Docker is one; whatever passes `sandbox-provider.testsuite.ts` is another. */
export interface SandboxProvider {
  readonly name: string;
  readonly runtime: string;
  /**
   * Creates, starts and checks a Sandbox and waits (bounded) for its agent's hello; on failure nothing is left
   * behind. An engine that cannot be reached is waited for, for about a minute. An abort throws the signal's
   * reason. The failure's message names no path or address of the server: clients see it.
   */
  start(spec: SandboxSpec, signal: AbortSignal): Promise<Result<Sandbox, SandboxStartFailure>>;
  /**
   * Takes over the running Sandbox of an Attempt from an owner that is gone, frozen or cut off: from then on that one's
   * calls reach it no more. An engine that cannot be reached is waited for, for about a minute; then, and where the engine
   * fails otherwise, it rejects, and nothing is known. An abort throws the signal's reason.
   */
  adopt(spec: AdoptionSpec, signal: AbortSignal): Promise<Adoption>;
  /** What the engine calls itself, the same after its restart: Sandboxes are adopted on the engine that has them. */
  engineId(signal: AbortSignal): Promise<string>;
  /** What the engine says of the Attempt's Sandbox now, whoever has it. Nothing is said to its agent. Never rejects, and answers within 10 s or when `signal` aborts. */
  life(spec: Pick<SandboxSpec, "jobId" | "attempt">, signal: AbortSignal): Promise<SandboxLife>;
  /** Every Sandbox of this installation, running or not, from the engine's own list. */
  list(signal: AbortSignal): Promise<readonly SandboxRecord[]>;
  /** Kills and removes a Sandbox that was listed; fine where it is gone already. One that has got another owner since is left alone. */
  removeListed(listed: Pick<SandboxRecord, "name">): Promise<void>;
  /** Resolves when the engine answers; rejects with the reason where it does not. */
  ping(signal: AbortSignal): Promise<void>;
}
