import { agentFrame, type AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { DatabaseAway } from "@longshore/shared/db/database-away";
import type { Result } from "@longshore/shared/domain/result";
import { createLogger } from "@longshore/shared/runtime/logger";
import { createOutbox } from "../../../agent-image/src/wire/outbox.ts";
import { createEventWriter, type EventWriter } from "../../../apps/worker/src/attempt/event-writer.ts";
import { createFrameSequence, type FrameSequence } from "../../../apps/worker/src/pipeline/frame-sequence.ts";
import { logLines } from "../../support/stored-job.ts";
import type { Append, EventStore, Handover } from "./event-store.ts";

/** What becomes of a statement: done and answered; never sent; done, the answer lost; done later, or never. */
export type Fate = "stored" | "lost" | "answer_lost" | "late";

interface Statement {
  readonly append: Append;
  readonly answer: (result: Promise<Result<number, "lease_lost">>) => void;
}

interface Worker {
  readonly writer: EventWriter;
  readonly sequence: FrameSequence;
  readonly gone: AbortController;
}

/** An agent, its owners one after the other, and all that is between them, moved by hand. */
export interface StreamWorld {
  /** The program prints lines, which make one frame. */
  print(lines: number): void;
  /** Frames arrive at the worker, in order. */
  deliver(frames: number): void;
  /** The worker's statement under way, if there is one, meets its fate. */
  answer(fate: Fate): Promise<void>;
  /** A statement that nobody waits for any more is done after all. */
  doLate(which: number): Promise<void>;
  /** An acknowledgement arrives, in any order; `twice` leaves it on its way too. */
  acknowledge(which: number, twice: boolean): void;
  /** The owner is killed with all that was on its connection; its statement may be done later. Another takes over. */
  crash(): Promise<void>;
  /** Lines printed so far. */
  printed(): number;
  hasRoom(): boolean;
  /** The breaches of the protocol that owners have found. */
  readonly breaches: readonly string[];
  close(): void;
}

const logger = createLogger("test", "fatal");

export async function createStreamWorld(store: EventStore, windowBytes: number): Promise<StreamWorld> {
  let wire: Buffer[] = [];
  let acknowledgements: number[] = [];
  let statements: Statement[] = [];
  const late: Append[] = [];
  const breaches: string[] = [];
  let printed = 0;
  const outbox = createOutbox({ send: (bytes) => wire.push(bytes), windowBytes });

  const startWorker = ({ epoch, lastSeq, agentSeq }: Handover): Worker => {
    const gone = new AbortController();
    const writer = createEventWriter({
      ...{ lastSeq, logger, fenced: gone.signal },
      append: (base, events, progress) =>
        new Promise((resolve) => {
          statements.push({ append: { epoch, base, events, progress }, answer: resolve });
        }),
      onLeaseLost: () => {
        if (!gone.signal.aborted) breaches.push("an owner was told that it is none");
      },
      onBroken: (error) => breaches.push(String(error)),
      onAgentSeqStored: (seq) => {
        if (!gone.signal.aborted) acknowledgements.push(seq);
      },
    });
    return { writer, gone, sequence: createFrameSequence(agentSeq) };
  };
  const begin = await store.takeOver();
  let worker = startWorker(begin);

  const hear = ({ writer, sequence }: Worker, frame: AgentFrame): void => {
    const breach = sequence.take(frame);
    if (breach !== null) breaches.push(breach);
    if (frame.type !== "event" || frame.event.type !== "lines") throw new Error("not a frame of lines");
    const { lines } = frame.event;
    writer.frame(frame.seq, () => {
      for (const event of logLines(...lines)) writer.add(event);
      return null;
    });
  };
  return {
    breaches,
    printed: () => printed,
    hasRoom: () => outbox.hasRoom(),
    print: (count) => {
      const lines = Array.from({ length: count }, (_, index) => String(printed + index + 1));
      printed += count;
      outbox.offer({
        type: "event",
        event: { type: "lines", index: 1, stream: "stdout", lines, continued: [] },
      });
    },
    deliver: (frames) => {
      for (const bytes of wire.splice(0, frames))
        hear(worker, agentFrame.parse(JSON.parse(bytes.toString("utf8"))));
    },
    answer: async (fate) => {
      const statement = statements.shift();
      if (statement === undefined) return;
      const { append, answer } = statement;
      const away = () => Promise.reject(new DatabaseAway("no answer"));
      if (fate === "late") late.push(append);
      if (fate === "answer_lost") await store.apply(append);
      answer(fate === "stored" ? store.apply(append) : away());
    },
    doLate: async (which) => {
      const [append] = late.splice(which % Math.max(1, late.length), 1);
      if (append !== undefined) await store.apply(append);
    },
    acknowledge: (which, twice) => {
      const at = which % Math.max(1, acknowledgements.length);
      const seq = acknowledgements[at];
      if (seq === undefined) return;
      if (!twice) acknowledgements.splice(at, 1);
      outbox.acknowledge(seq);
    },
    crash: async () => {
      worker.gone.abort();
      for (const { append } of statements) late.push(append);
      statements = [];
      acknowledgements = [];
      const handover = await store.takeOver();
      worker = startWorker(handover);
      // As the agent's session does on `resume`.
      wire = [];
      outbox.sendAgain(handover.agentSeq);
    },
    close: () => worker.gone.abort(),
  };
}
