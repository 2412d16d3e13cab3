import * as z from "zod/mini";
import { workerEgressFrame } from "./egress-wire.ts";

/**
 * What the worker and the agent in a Sandbox say to each other: one JSON object a line (NDJSON). The first owner of an
 * Attempt speaks over the container's stdin and stdout; each later one over a relay, a program in the container that
 * joins an `exec` to the agent's socket. What comes from the agent is hostile input: it is validated here, bounded
 * in size, and believed only where the worker can check it. zod/mini, because the agent carries this file.
 */
export const wireVersion = 3;

/** The agent's socket, in the abstract namespace of the container's own network: no Step can put another in its place. */
export const agentSocketName = "longshore-agent";

/** The program in the image that joins its stdin and stdout to that socket. */
export const relayProgram = "/opt/longshore/relay";

/**
 * Whom the relay is run as: nobody's uid but its own. With the Steps' uid, each Step could kill it, and the agent would
 * at the end of each Step, as it kills whatever its uid can.
 */
export const relayUser = "19999:19999";

/** Longest line that the worker takes from an agent, in bytes. A longer one is a protocol error. */
export const longestAgentFrameBytes = 1_048_576;

/**
 * Bytes of frames that an agent may have sent and not yet seen acknowledged. Above some 256 KiB of unread
 * output on a frozen client's connection the engine hangs on that container.
 */
export const windowBytes = 256 * 1024;

/** Longest piece of a file in one `file` frame, in bytes before base64. */
export const filePieceBytes = 192 * 1024;

/** The most that an answer to `outputs` holds, in bytes before base64: what is longer would need a window of its own. */
export const mostSmallOutputBytes = 128 * 1024;

const longestSmallOutput = Math.ceil(mostSmallOutputBytes / 3) * 4;

const index = z.int().check(z.gte(1));
const count = z.int().check(z.gte(0));

/** What the agent finds out about its own cage, for the worker to hold against the recipe. */
export const sandboxFacts = z.strictObject({
  uid: count,
  gid: count,
  groups: z.array(count),
  /** CapInh, CapPrm, CapEff, CapBnd, CapAmb of /proc/self/status, in that order, as hexadecimal. */
  capabilities: z.array(z.string()),
  no_new_privs: count,
  seccomp: count,
  interfaces: z.array(z.string()),
  root_read_only: z.boolean(),
  workspace: z.strictObject({ bytes: count, inodes: count, type: z.string() }),
  tmp: z.strictObject({ bytes: count, inodes: count, type: z.string() }),
  /** Soft and hard value of each RLIMIT by its name in /proc/self/limits, e.g. "Max open files"; null is unlimited. */
  rlimits: z.record(z.string(), z.tuple([z.nullable(count), z.nullable(count)])),
  /** From the cgroup files; null where they cannot be read (gVisor has none). */
  cgroup: z.strictObject({
    memory_bytes: z.nullable(count),
    pids: z.nullable(count),
    cpus: z.nullable(z.number()),
  }),
});

export type SandboxFacts = z.output<typeof sandboxFacts>;

/** What happens in the Sandbox, in the order in which it happens. `index` is the Step's, from 1, in the plan of that turn. */
export const agentEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("step_started"), index }),
  z.strictObject({
    type: z.literal("lines"),
    index,
    stream: z.enum(["stdout", "stderr"]),
    /** Lines without their newlines, each at most 16 KiB. */
    lines: z.array(z.string()).check(z.minLength(1)),
    /** Positions in `lines` of those that go on the line before them. */
    continued: z.array(count),
  }),
  /** Over `log_bytes` or `log_lines`: since the Attempt began so much was not kept. Sent at the first drop and at the end of each Step that dropped. */
  z.strictObject({ type: z.literal("dropped"), index, bytes: count, lines: count }),
  z.strictObject({
    type: z.literal("step_finished"),
    index,
    /** Null where the Step was killed by a signal of ours (its own time-out) and so has none. A program killed by signal n has 128 + n. */
    exit_code: z.nullable(z.int().check(z.gte(0), z.lte(255))),
    timed_out: z.boolean(),
    /** The Step's main process ended by SIGKILL. */
    sigkilled: z.boolean(),
    /** Processes that the kernel killed for memory while the Step ran. */
    oom_kills: count,
    /** /workspace (or its inodes) had no room left when the Step ended. */
    disk_full: z.boolean(),
    /** A sentence for the log where the Step could not be run as asked (a write_file that failed, no such program). */
    note: z.nullable(z.string()),
    duration_ms: count,
  }),
]);

export type AgentEvent = z.output<typeof agentEvent>;

/** What the agent says. `event` and `done` are numbered 1, 2, 3 … by `seq`, and are sent again after `resume`. */
export const agentFrame = z.discriminatedUnion("type", [
  /** The first frame on each connection; on a relay, the answer to `resume`. `running` is false where the Job has not come yet, or not whole. */
  z.strictObject({ type: z.literal("hello"), version: z.int(), running: z.boolean(), facts: sandboxFacts }),
  z.strictObject({ type: z.literal("event"), seq: index, event: agentEvent }),
  /** Asks for the plan of `turn` (the first, or the repair after a failed Step). Asked again after `resume` while unanswered. */
  z.strictObject({
    type: z.literal("model_request"),
    turn: index,
    /** Files below /workspace, for the model to know of: path and bytes, at most 200 of them. */
    files: z.array(z.strictObject({ path: z.string(), bytes: count })),
  }),
  /** Every Step of the last plan has run, or one failed and `model_result` had no Steps. Nothing runs any more. Never acknowledged, so that each later owner is told again. */
  z.strictObject({ type: z.literal("done"), seq: index }),
  /** The answer to `cancel`: every process of the Steps is dead. */
  z.strictObject({ type: z.literal("stopped") }),
  /** The answer to `check`. */
  z.strictObject({ type: z.literal("facts"), facts: sandboxFacts }),
  /** The answer to `outputs`: all that the program printed, as base64, or null where that is not to be had this way. */
  z.strictObject({
    type: z.literal("outputs"),
    data: z.nullable(z.base64().check(z.maxLength(longestSmallOutput))),
  }),
]);

export type AgentFrame = z.output<typeof agentFrame>;

const wireStep = z.union([
  z.strictObject({
    kind: z.literal("shell"),
    command: z.string(),
    timeout_ms: z.nullable(count),
    continue_on_error: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("python"),
    code: z.string(),
    timeout_ms: z.nullable(count),
    continue_on_error: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("write_file"),
    path: z.string(),
    content: z.string(),
    encoding: z.enum(["utf8", "base64"]),
    timeout_ms: z.nullable(count),
    continue_on_error: z.boolean(),
  }),
]);

/** A Step as the agent gets it. */
export type WireStep = z.output<typeof wireStep>;

/** What the worker says. The agent believes it. Order: any number of `check`, any number of `file`, one `job`, then answers. */
export const workerFrame = z.discriminatedUnion("type", [
  /** Look once more at the cage, and answer `facts`: the Sandbox has waited for its Job, or got other bounds. */
  z.strictObject({ type: z.literal("check") }),
  /** A piece of a file to put below /workspace before the first Step; `data` is base64; `append` false begins the file. */
  z.strictObject({ type: z.literal("file"), path: z.string(), data: z.string(), append: z.boolean() }),
  z.strictObject({
    type: z.literal("job"),
    job_id: z.string(),
    attempt: index,
    env: z.record(z.string(), z.string()),
    log_bytes: count,
    log_lines: count,
    /** Who shows it on a relay is the Attempt's owner. */
    resume_token: z.string(),
    /** The agent ends itself, and so the Sandbox, when it has heard from no worker for so long. */
    silence_ms: index,
    /** True where programs may ask for connections: the agent then listens for them, and says so in their environment. */
    egress: z.optional(z.boolean()),
    /** The Steps of an explicit plan; null where the plan is to be asked for by `model_request`. */
    steps: z.nullable(z.array(wireStep)),
  }),
  /** Events up to `seq` are on disk: forget them. */
  z.strictObject({ type: z.literal("ack"), seq: count }),
  /** The plan of `turn`; null where there is none, and the agent then ends with `done`. */
  z.strictObject({ type: z.literal("model_result"), turn: index, steps: z.nullable(z.array(wireStep)) }),
  /** Kill every process of the Steps, run no more of them, and answer `stopped`. */
  z.strictObject({ type: z.literal("cancel") }),
  /**
   * When the Steps are over: run this program as they were run, and answer `outputs` with what it prints, where that is
   * little, quick to come and its exit code 0.
   */
  z.strictObject({ type: z.literal("outputs"), argv: z.array(z.string()).check(z.minLength(1)) }),
  /**
   * The first frame on a relay, and only there: another worker has taken over. With the Job's token (any, where no Job
   * has come) and an `epoch` above all that were shown before, the agent answers `hello`, sends again whatever comes after
   * `after`, and listens to nobody else any more. A relay that says something else is closed without a word.
   */
  z.strictObject({ type: z.literal("resume"), after: count, epoch: index, token: z.string() }),
  workerEgressFrame,
]);

export type WorkerFrame = z.output<typeof workerFrame>;
