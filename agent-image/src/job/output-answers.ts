import type { KillAll } from "../sandbox/kill-all.ts";
import type { ProgramStarter } from "../steps/program-starter.ts";
import { encodeFrame } from "../wire/outbox.ts";
import { captureOutput } from "./capture-output.ts";

export interface OutputAnswersDeps {
  readonly send: (frame: Buffer) => void;
  readonly starter: ProgramStarter;
  readonly killAll: KillAll;
  /** The environment that the image gave to the agent. */
  readonly imageEnv: Readonly<NodeJS.ProcessEnv>;
}

/** The answers to `outputs`, one program after the other. */
export interface OutputAnswers {
  /** Runs that program and sends what it prints; before `allow`: sends that there is nothing. */
  ask(argv: readonly string[]): void;
  /** The Steps are over. */
  readonly allow: () => void;
  /** There is a new owner, who has not asked for what is on its way. */
  forgetAsked(): void;
}

export function createOutputAnswers({ send, starter, killAll, imageEnv }: OutputAnswersDeps): OutputAnswers {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(imageEnv)) if (value !== undefined) env[name] = value;
  let isAllowed = false;
  let owners = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function answer(argv: readonly string[]): Promise<void> {
    const owner = owners;
    const captured = last
      .then(() => (isAllowed ? captureOutput(argv, { env, killAll, starter }) : null))
      .catch(() => null);
    last = captured;
    const data = (await captured)?.toString("base64") ?? null;
    if (owner === owners) send(encodeFrame({ type: "outputs", data }));
  }

  return {
    ask: (argv) => void answer(argv),
    allow: () => void (isAllowed = true),
    forgetAsked: () => void (owners += 1),
  };
}
