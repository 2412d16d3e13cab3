import { encodeFrame } from "../wire/outbox.ts";

export interface OutputAnswersDeps {
  readonly send: (frame: Buffer) => void;
  /** What a program prints, or null; ends it, and gives null, where `signal` aborts. Nothing of it runs afterwards. */
  readonly capture: (argv: readonly string[], signal: AbortSignal) => Promise<Buffer | null>;
}

/** The answers to `outputs`, one program after the other. */
export interface OutputAnswers {
  /** Runs that program and sends what it prints; before `allow`: sends that there is nothing. */
  ask(argv: readonly string[]): void;
  /** The Steps are over. */
  readonly allow: () => void;
  /** There is a new owner, who has not asked for what is on its way, and waits 20 s for what it asks itself. */
  forgetAsked(): void;
}

export function createOutputAnswers({ send, capture }: OutputAnswersDeps): OutputAnswers {
  let isAllowed = false;
  let owner = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function answer(argv: readonly string[], { signal }: AbortController): Promise<void> {
    const captured = last
      .then(() => (isAllowed && !signal.aborted ? capture(argv, signal) : null))
      .catch(() => null);
    last = captured;
    const data = (await captured)?.toString("base64") ?? null;
    if (!signal.aborted) send(encodeFrame({ type: "outputs", data }));
  }

  return {
    ask: (argv) => void answer(argv, owner),
    allow: () => void (isAllowed = true),
    forgetAsked: () => {
      owner.abort();
      owner = new AbortController();
    },
  };
}
