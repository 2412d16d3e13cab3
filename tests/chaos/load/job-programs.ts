import { randomBytes } from "node:crypto";
import type { Random } from "../seeded-random.ts";

/** A file that a Job must leave, with bytes that only the checker knows beforehand. */
export interface Token {
  readonly path: string;
  readonly text: string;
}

/** A Job that the suite makes, and what is to be true of it afterwards. */
export interface ChaosJob {
  readonly kind: JobKind;
  readonly body: Readonly<Record<string, unknown>>;
  /** What its programs print on stdout in an attempt that comes to its own end, line by line. */
  readonly lines: readonly string[];
  /** One a step that has to have run. */
  readonly tokens: readonly Token[];
  /** How it ends by itself: as what, and where as `failed`, by which code. */
  readonly end: "succeeded" | "step_failed" | "timeout" | "out_of_memory";
  /** How long its programs take, about. */
  readonly workMs: number;
  /** Plans that the model's service gives, one a turn. */
  readonly plans: readonly (readonly object[])[];
  readonly nonce: string;
}

export const jobKinds = {
  short: 26,
  plain: 26,
  slow: 14,
  chatty: 5,
  failing: 8,
  repair: 14,
  timeout: 3,
  oom: 3,
  files: 12,
} as const satisfies Record<string, number>;

export type JobKind = keyof typeof jobKinds;

interface Step {
  readonly step: object;
  readonly lines: readonly string[];
  readonly token: Token | null;
  readonly workMs: number;
}

/**
 * Infrastructure fails often here: a Job is to give up on none of it. Its time runs on while everything is away: that is
 * of no interest but in Jobs that are about it.
 */
const common = { max_attempts: 10, limits: { timeout_seconds: 3_600, memory_mb: 128, disk_mb: 32 } };

/** Draws the next Job. */
export function drawJob(random: Random): ChaosJob {
  const kinds = Object.entries(jobKinds).flatMap(([kind, weight]) => Array<string>(weight).fill(kind));
  // safety: the keys of that very object.
  return makeJob(random.pick(kinds) as JobKind, random);
}

function makeJob(kind: JobKind, random: Random): ChaosJob {
  const nonce = randomBytes(6).toString("hex");
  const step = (index: number, count: number, pauseMs: number) =>
    random.chance(0.5)
      ? pythonStep(nonce, index, count, pauseMs)
      : shellStep(nonce, index, Math.min(count, 400), pauseMs);
  const several = (most: number) =>
    Array.from({ length: random.whole(1, most) }, (_, index) =>
      step(index + 1, random.whole(1, 60), random.pick([0, 0, 20, 50])),
    );
  switch (kind) {
    case "short":
      return explicit(kind, nonce, [step(1, random.whole(1, 5), 0)], "succeeded");
    case "plain":
      return explicit(kind, nonce, [...several(3), writeStep(nonce, 9)], "succeeded");
    case "slow": {
      const count = random.whole(20, 160);
      return explicit(kind, nonce, [step(1, count, 100), step(2, 5, 0)], "succeeded");
    }
    case "chatty":
      return explicit(
        kind,
        nonce,
        [pythonStep(nonce, 1, 5_000, 0), pythonStep(nonce, 2, 3, 200)],
        "succeeded",
      );
    case "files":
      return explicit(
        kind,
        nonce,
        [writeStep(nonce, 1), bigFileStep(nonce, 2), step(3, 30, 30)],
        "succeeded",
      );
    case "failing":
      return explicit(kind, nonce, [...several(2), failingStep(nonce, 8)], "step_failed");
    case "timeout": {
      const job = explicit(kind, nonce, [step(1, 3, 0), sleepingStep(nonce, 2)], "timeout");
      return {
        ...job,
        body: { ...job.body, limits: { ...common.limits, timeout_seconds: 4 } },
        workMs: 4_000,
      };
    }
    case "oom":
      return explicit(kind, nonce, [hungryStep(nonce, 1)], "out_of_memory");
    case "repair":
      return repaired(nonce, [step(1, 10, 50), failingStep(nonce, 2)], [step(3, 20, 50)]);
  }
}

function explicit(kind: JobKind, nonce: string, steps: readonly Step[], end: ChaosJob["end"]): ChaosJob {
  return {
    ...{ kind, nonce, end, plans: [] },
    body: {
      ...common,
      steps: steps.map(({ step }) => step),
      max_turns: 1,
      metadata: { chaos: nonce, kind },
    },
    lines: steps.flatMap(({ lines }) => lines),
    tokens: steps.flatMap(({ token }) => (token === null ? [] : [token])),
    workMs: steps.reduce((sum, { workMs }) => sum + workMs, 0),
  };
}

/** The model plans something that fails, is told so, and plans what mends it. */
function repaired(nonce: string, first: readonly Step[], second: readonly Step[]): ChaosJob {
  const all = explicit("repair", nonce, [...first, ...second], "succeeded");
  const prompt = `Please do what chaos-${nonce} needs.`;
  return {
    ...all,
    body: { ...common, prompt, max_turns: 3, metadata: { chaos: nonce, kind: "repair" } },
    plans: [first, second].map((steps) => steps.map(({ step }) => step)),
  };
}

const lineOf = (nonce: string, step: number, number: number) =>
  `${nonce} step ${String(step)} line ${String(number)}`;
const linesOf = (nonce: string, step: number, count: number) =>
  Array.from({ length: count }, (_, index) => lineOf(nonce, step, index + 1));
const tokenOf = (nonce: string, step: number): Token => ({
  path: `tokens/${String(step)}.txt`,
  text: `token of ${nonce} step ${String(step)} ${randomBytes(8).toString("hex")}`,
});

// Tokens are appended: a step that runs a second time in the same container shows.
function pythonStep(nonce: string, index: number, count: number, pauseMs: number): Step {
  const token = tokenOf(nonce, index);
  const code = [
    "import os, time",
    `for i in range(1, ${String(count)} + 1):`,
    `    print(f"${nonce} step ${String(index)} line {i}")`,
    ...(pauseMs > 0 ? [`    time.sleep(${String(pauseMs / 1_000)})`] : []),
    'os.makedirs("tokens", exist_ok=True)',
    `open("${token.path}", "a").write("${token.text}")`,
  ].join("\n");
  return {
    ...{ token, step: { kind: "python", code } },
    ...{ lines: linesOf(nonce, index, count), workMs: count * pauseMs },
  };
}

function shellStep(nonce: string, index: number, count: number, pauseMs: number): Step {
  const token = tokenOf(nonce, index);
  const wait = pauseMs > 0 ? `; sleep ${String(pauseMs / 1_000)}` : "";
  const command =
    `for i in $(seq 1 ${String(count)}); do echo "${nonce} step ${String(index)} line $i"${wait}; done; ` +
    `mkdir -p tokens; printf %s '${token.text}' >> ${token.path}`;
  return {
    ...{ token, step: { kind: "shell", command } },
    ...{ lines: linesOf(nonce, index, count), workMs: count * pauseMs },
  };
}

function writeStep(nonce: string, index: number): Step {
  const token = tokenOf(nonce, index);
  return { token, step: { kind: "write_file", path: token.path, content: token.text }, lines: [], workMs: 0 };
}

/** A file of a few megabytes that does not get smaller, so that writing the archive takes a moment. */
function bigFileStep(nonce: string, index: number): Step {
  const token = tokenOf(nonce, index);
  const command = `head -c 6M /dev/urandom > big.bin; mkdir -p tokens; printf %s '${token.text}' >> ${token.path}`;
  return { token, step: { kind: "shell", command }, lines: [], workMs: 100 };
}

function failingStep(nonce: string, index: number): Step {
  const lines = linesOf(nonce, index, 2);
  const command = `${lines.map((line) => `echo "${line}"`).join("; ")}; exit 3`;
  return { token: null, step: { kind: "shell", command }, lines, workMs: 0 };
}

function sleepingStep(nonce: string, index: number): Step {
  const lines = linesOf(nonce, index, 1);
  return {
    ...{ token: null, lines, workMs: 4_000 },
    step: { kind: "shell", command: `echo "${lines[0] ?? ""}"; sleep 600` },
  };
}

function hungryStep(nonce: string, index: number): Step {
  const lines = linesOf(nonce, index, 1);
  const code = `print("${lines[0] ?? ""}")\nheld = []\nwhile True: held.append(bytearray(1 << 20))`;
  return { token: null, step: { kind: "python", code }, lines, workMs: 500 };
}
