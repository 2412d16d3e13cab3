import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { recordedFrames as said } from "./recorded-session.ts";

/** A way to make the recorded session one that no agent of ours would have. */
export interface WrongSession {
  readonly name: string;
  /** Null where it does not apply to the frame there. */
  readonly of: (at: number, by: number) => readonly AgentFrame[] | null;
  /** The ends that it may have. */
  readonly ends: readonly string[];
}

/** Every way, with the ends that the pipeline may give it. */
export function wrongSessions(): readonly WrongSession[] {
  const breach = ["sandbox_gone"];
  const frameAt = (at: number) => said[at] ?? { type: "stopped" as const };
  const instead = (at: number, ...frames: readonly AgentFrame[]) => said.toSpliced(at, 1, ...frames);
  const isNumbered = (at: number) => "seq" in frameAt(at);
  return [
    {
      name: "a wrong number",
      of: (at, by) => {
        const frame = frameAt(at);
        const wrong = by > 25 && "seq" in frame ? frame.seq - (by - 25) : by;
        return "seq" in frame && wrong >= 1 && wrong !== frame.seq
          ? instead(at, { ...frame, seq: wrong })
          : null;
      },
      ends: breach,
    },
    {
      name: "a frame left out",
      of: (at) => (isNumbered(at) ? instead(at) : null),
      ends: breach,
    },
    {
      name: "a frame said twice",
      of: (at) => (at < said.length - 1 ? instead(at, frameAt(at), frameAt(at)) : null),
      ends: breach,
    },
    {
      name: "a beginning or an end of a step left out, the rest numbered anew,",
      of: (at) => {
        const frame = frameAt(at);
        return frame.type === "event" && frame.event.type.startsWith("step") ? renumbered(instead(at)) : null;
      },
      ends: breach,
    },
    {
      name: "a request for a plan left out",
      of: (at) => (frameAt(at).type === "model_request" ? instead(at) : null),
      ends: breach,
    },
    {
      name: "an event of a step whose turn it is not",
      of: (at, by) => {
        const frame = frameAt(at);
        if (frame.type !== "event" || frame.event.index === by) return null;
        return instead(at, { ...frame, event: { ...frame.event, index: by } });
      },
      ends: breach,
    },
    {
      name: "a done that comes too early",
      of: (at) =>
        at < said.length - 1 ? renumbered([...said.slice(0, at), { type: "done", seq: 1 }]) : null,
      ends: [...breach, "failed"],
    },
    {
      name: "a hello or a stopped in between",
      of: (at) => instead(at, { type: "stopped" }, frameAt(at)),
      ends: breach,
    },
    {
      name: "a recording that is cut off",
      of: (at) => said.slice(0, at),
      ends: breach,
    },
    {
      name: "a failed exit code in the place of a good one",
      of: (at, by) => {
        const frame = frameAt(at);
        if (frame.type !== "event" || frame.event.type !== "step_finished" || frame.event.exit_code !== 0)
          return null;
        return instead(at, { ...frame, event: { ...frame.event, exit_code: by } });
      },
      ends: [...breach, "failed"],
    },
    {
      name: "a good exit code in the place of the failed one, so that no plan is due,",
      of: (at) => {
        const frame = frameAt(at);
        if (frame.type !== "event" || frame.event.type !== "step_finished" || frame.event.exit_code !== 3)
          return null;
        return instead(at, { ...frame, event: { ...frame.event, exit_code: 0 } });
      },
      ends: breach,
    },
  ];
}

function renumbered(frames: readonly AgentFrame[]): readonly AgentFrame[] {
  let seq = 0;
  return frames.map((frame) => ("seq" in frame ? { ...frame, seq: (seq += 1) } : frame));
}
