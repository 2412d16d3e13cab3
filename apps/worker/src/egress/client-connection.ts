import { Duplex } from "node:stream";
import {
  connectionCreditBytes,
  workerPieceBytes,
  type WorkerEgressFrame,
} from "@longshore/shared/contracts/egress-wire";

/** A connection of a program in the Sandbox, at the worker's end: what the program says is read from `stream`. */
export interface ClientConnection {
  readonly stream: Duplex;
  /** The program said this. False where it is more than it may have under way. */
  heard(bytes: Buffer): boolean;
  /** The program will say no more. */
  heardEnd(): void;
  /** So many more bytes were passed on to the program. False where that is more than was sent. */
  passedOn(bytes: number): boolean;
  /** The connection is gone at the other end; nothing is to be said of it any more. */
  lost(): void;
}

export interface ClientConnectionDeps {
  readonly id: number;
  /** It is closed when nothing was said on it for so long, in milliseconds. */
  readonly idleMs: number;
  /** Resolves when the stream to the agent took the frame; then there is room for the next. Never rejects. */
  readonly send: (frame: WorkerEgressFrame) => Promise<void>;
}

/** What has been taken is told in parts of the whole. */
const creditStepBytes = connectionCreditBytes / 4;
const bufferBytes = 64 * 1024;

export function createClientConnection(deps: ClientConnectionDeps): ClientConnection {
  const { id, send } = deps;
  let unread = 0;
  const saying = createSaying(deps);
  const idle = setTimeout(() => stream.destroy(), deps.idleMs);

  /** Gives back the credit of what has been read by now. */
  function giveBack(): void {
    const taken = unread - stream.readableLength;
    if (taken < creditStepBytes || saying.isOver()) return;
    unread -= taken;
    void send({ type: "egress_credit", connection: id, bytes: taken });
  }

  const stream = new Duplex({
    readableHighWaterMark: bufferBytes,
    writableHighWaterMark: bufferBytes,
    read: giveBack,
    write(chunk: Buffer, _encoding, done) {
      void saying.say(chunk, () => idle.refresh()).then(() => done());
    },
    final(done) {
      saying.end();
      done();
    },
    destroy(error, done) {
      clearTimeout(idle);
      // Where both have said all, the other end closes by itself once it has handed everything out.
      saying.stop(!(stream.readableEnded && stream.writableFinished));
      done(error);
    },
  });
  // Whoever uses it hears of its end by `close`.
  stream.on("error", () => undefined);

  return {
    stream,
    heard(bytes) {
      idle.refresh();
      unread += bytes.length;
      if (unread > connectionCreditBytes) return false;
      if (!stream.readableEnded && !stream.destroyed) stream.push(bytes);
      return true;
    },
    heardEnd: () => void (stream.destroyed || stream.push(null)),
    passedOn: saying.passedOn,
    lost() {
      saying.stop(false);
      stream.destroy();
    },
  };
}

/** What is said to the program, as far as there is credit. */
function createSaying({ id, send }: ClientConnectionDeps) {
  let credit = connectionCreditBytes;
  let over = false;
  let wake = (): void => undefined;
  return {
    isOver: () => over,
    /** Says it in pieces, and waits for credit. Ends early where the connection does. */
    async say(bytes: Buffer, onPiece: () => void): Promise<void> {
      for (let at = 0; at < bytes.length && !over;) {
        const piece = bytes.subarray(at, at + Math.min(workerPieceBytes, credit));
        if (piece.length === 0) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        at += piece.length;
        credit -= piece.length;
        onPiece();
        await send({ type: "egress_data", connection: id, data: piece.toString("base64") });
      }
    },
    passedOn(bytes: number): boolean {
      credit += bytes;
      wake();
      return credit <= connectionCreditBytes;
    },
    end: () => void (over || send({ type: "egress_end", connection: id })),
    /** Nothing more is said, but for its end where that is to be told. */
    stop(tell: boolean): void {
      if (!over && tell) void send({ type: "egress_close", connection: id });
      over = true;
      wake();
    },
  };
}
