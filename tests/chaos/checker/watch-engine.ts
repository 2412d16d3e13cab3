import type Dockerode from "dockerode";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import type { Timeline } from "../report/timeline.ts";

/** A time in which a container could run steps: milliseconds since the epoch. `to` is null while it lasts. */
export interface RunInterval {
  readonly container: string;
  readonly from: number;
  to: number | null;
}

/** What the engine itself says of an installation's containers. */
export interface EngineWatch {
  /** Calls `listener` with what happened to which Job's container. */
  onEvent(listener: (action: string, jobId: string, container: string) => void): () => void;
  /** When containers of a Job could run steps. */
  intervals(jobId: string): readonly RunInterval[];
  jobIds(): readonly string[];
  /** Execs that were started and have not ended. */
  openExecs(): readonly string[];
  close(): void;
}

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

const jobName = /^longshore-([0-9a-f-]{36})-a\d+/;

/**
 * Subscribes to the engine's own event stream. A container can run steps from `start` to the first of `die`, `pause`
 * and a `kill` by SIGKILL (sent when the event is made; what the kernel has been told to kill runs no more), and again
 * from `unpause`.
 */
export async function watchEngine(
  docker: Dockerode,
  installation: string,
  timeline: Timeline,
): Promise<EngineWatch> {
  const owners = new Map<string, string>();
  const intervals = new Map<string, RunInterval[]>();
  const waiting = new Map<string, RunInterval[]>();
  const execs = new Map<string, string>();
  const listeners = new Set<(action: string, jobId: string, container: string) => void>();

  const take = (event: EngineEvent) => {
    const { ID: container, Attributes: attributes } = event.Actor;
    const at = event.timeNano / 1e6;
    const jobId = jobName.exec(attributes["name"] ?? "")?.[1];
    if (jobId !== undefined && !owners.has(container)) {
      owners.set(container, jobId);
      // A warm container was running before it was given to the job: from now on it counts.
      for (const each of waiting.get(container) ?? [])
        add(intervals, jobId, { ...each, from: each.to === null ? at : each.from });
    }
    const owner = owners.get(container);
    const own = () =>
      (owner === undefined ? waiting.get(container) : intervals.get(owner))?.filter(
        (each) => each.container === container && each.to === null,
      ) ?? [];
    const [action = ""] = event.Action.split(":");
    if (action === "start" || action === "unpause") {
      if (owner === undefined) add(waiting, container, { container, from: at, to: null });
      else add(intervals, owner, { container, from: at, to: null });
    }
    const isEnd =
      action === "die" || action === "pause" || (action === "kill" && attributes["signal"] === "9");
    if (isEnd) for (const each of own()) each.to = at;
    const execId = attributes["execID"] ?? "";
    if (action === "exec_start") execs.set(execId, container);
    if (action === "exec_die") execs.delete(execId);
    if (action === "die") for (const [exec, of] of execs) if (of === container) execs.delete(exec);
    if (owner === undefined) return;
    timeline.note(`engine: ${event.Action.slice(0, 60)}`, {
      jobId: owner,
      detail: { container: container.slice(0, 12), name: attributes["name"] },
    });
    for (const listener of listeners) listener(action, owner, container);
  };

  const stop = await follow(docker, installation, take);
  return {
    onEvent: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    intervals: (jobId) => intervals.get(jobId) ?? [],
    jobIds: () => [...intervals.keys()],
    openExecs: () => [...execs.keys()],
    close: stop,
  };
}

function add(map: Map<string, RunInterval[]>, key: string, interval: RunInterval): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [interval]);
  else list.push(interval);
}

/** Follows the stream, and again from where it was when an engine restarts. What is given ends what is open or being asked for. */
async function follow(
  docker: Dockerode,
  installation: string,
  take: (event: EngineEvent) => void,
): Promise<() => void> {
  const over = new AbortController();
  let again: NodeJS.Timeout | undefined;
  let lastNano = Date.now() * 1e6;
  const open = async (): Promise<void> => {
    const filters = { type: ["container" as const], label: [`longshore.installation=${installation}`] };
    const since = lastNano / 1e9;
    const asked = await docker.getEvents({ filters, since, abortSignal: over.signal });
    // safety: @types/dockerode calls it a ReadableStream; it is the answer of node:http.
    const stream = asked as unknown as Readable;
    stream.on("error", () => undefined);
    // It passes on what becomes of its input: an engine that restarts cuts the stream.
    const lines = createInterface(stream).on("error", () => undefined);
    lines.on("line", (line) => {
      // safety: the engine's API gives one JSON object a line.
      const event = JSON.parse(line) as EngineEvent;
      lastNano = event.timeNano;
      take(event);
    });
    stream.once("close", reopen);
  };
  const reopen = (): void => {
    if (over.signal.aborted) return;
    again = setTimeout(() => void open().catch(reopen), 300);
  };
  await open();
  return () => {
    over.abort();
    clearTimeout(again);
  };
}
