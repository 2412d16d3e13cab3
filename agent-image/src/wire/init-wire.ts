/** What the agent asks process 1 for, and what it is answered: the structs of native/starter.h, in the machine's order. */
export const askKind = { program: 1, python: 2, runner: 3, loadedRunner: 4 } as const;
export const answerKind = { started: 1, failed: 2, ended: 3 } as const;

export interface Answer {
  readonly kind: number;
  /** A pid, an error's number, or a status as wait(2) gives it. */
  readonly value: number;
}

/** The length of every answer. */
export const answerBytes = 8;

/** A head of three numbers, then the strings, each with a NUL at its end; those that come in hold none. */
export function encodeAsk(
  kind: (typeof askKind)[keyof typeof askKind],
  argv: readonly string[] = [],
  env: readonly string[] = [],
): Buffer {
  const strings = Buffer.from([...argv, ...env].map((each) => `${each}\0`).join(""), "utf8");
  const head = Buffer.from(new Uint32Array([kind, strings.length, argv.length]).buffer);
  return Buffer.concat([head, strings]);
}

/** The first answer in `bytes`. */
export function readAnswer(bytes: Buffer): Answer {
  return { kind: bytes.readInt32LE(0), value: bytes.readInt32LE(4) };
}
