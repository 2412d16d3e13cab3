import { beforeAll, describe, expect, test } from "vitest";
import { startAgent, type StepRunner } from "../testing/agent-sandbox.ts";
import { finishesOf, jobFrame, python, textOf } from "../testing/job-frame.ts";
import { lastActs } from "../testing/python-last-acts.ts";
import { pythonPrograms } from "../testing/python-programs.ts";

/** Programs whose Steps must be the same however they are started. */
const programs = [...pythonPrograms, ...lastActs];

/** What a Step comes to: all that a user sees of it. */
interface Shown {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly sigkilled: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Addresses, and the names of threads that are addresses, differ from start to start. */
const withoutAddresses = (text: string): string => text.replaceAll(/0x[0-9a-f]+/gu, "0x…");

/** Runs the programs as the Steps of one Job. */
async function show(
  stepRunner: StepRunner,
  codes: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Shown[]> {
  const agent = await startAgent({ stepRunner });
  try {
    const steps = codes.map((code) => ({
      ...python(code),
      continue_on_error: true,
      timeout_ms: code.endsWith("sleep(60)") ? 4_000 : 60_000,
    }));
    agent.link.send(jobFrame(steps, { env: { ...env } }));
    await agent.link.take("done");
    return finishesOf(agent.link.frames).map(({ index, exit_code, timed_out, sigkilled }) => {
      const own = agent.link.frames.filter(
        (frame) => frame.type === "event" && "index" in frame.event && frame.event.index === index,
      );
      const [stdout, stderr] = (["stdout", "stderr"] as const).map((stream) =>
        withoutAddresses(textOf(own, stream)),
      );
      return {
        exitCode: exit_code,
        timedOut: timed_out,
        sigkilled,
        stdout: stdout ?? "",
        stderr: stderr ?? "",
      };
    });
  } finally {
    await agent.remove();
  }
}

/** With the runner and without it. */
function showBoth(codes: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return Promise.all([show("on", codes, env), show("off", codes, env)]);
}

describe("a Python Step in a fork of a running interpreter is as one of its own interpreter", () => {
  const codes = programs.map(({ code }) => code);
  let on: readonly Shown[] = [];
  let off: readonly Shown[] = [];
  beforeAll(async () => {
    [on, off] = await showBoth(codes);
  }, 300_000);

  test.each(programs.map(({ name, exitCode }, index) => ({ name, exitCode, index })))(
    "$name",
    ({ exitCode, index }) => {
      expect(off[index]).toMatchObject({ exitCode });
      expect(on[index]).toEqual(off[index]);
    },
  );
});

/** What an interpreter reads once, when it starts. */
const read = `import os, sys, time, warnings
print(sys.flags, sys.path, time.tzname, hash("x"), sys.stdout.encoding, sys.stdout.write_through, warnings.filters, os.path.expanduser("~"))`;

test.each([
  { PYTHONPATH: "lib:other" },
  { TZ: "Asia/Tokyo", PYTHONUNBUFFERED: "", HOME: "/workspace" },
  { PYTHONWARNINGS: "error", PYTHONOPTIMIZE: "2", LC_ALL: "C", PYTHONUTF8: "0" },
])("a Job's %j is read as by an interpreter of its own", { timeout: 60_000 }, async (env) => {
  const [on, off] = await showBoth([read, read], { PYTHONHASHSEED: "7", ...env });
  expect(on).toEqual(off);
});

test("HOME is the Job's also where the interpreter is shared", { timeout: 60_000 }, async () => {
  const home = "import os, site\nprint(os.path.expanduser('~'), site.USER_SITE, site.getuserbase())";
  const [on, off] = await showBoth([home], { HOME: "/workspace" });
  expect(on).toEqual(off);
});

const draw =
  "import os, random, secrets, tempfile, uuid\nprint(random.random(), secrets.token_hex(), uuid.uuid4(), os.urandom(4).hex(), next(tempfile._get_candidate_names()))";
const spoil =
  "import builtins, os, sys\nbuiltins.print = None\nsys.path.clear()\nsys.modules.clear()\nos.environ['X'] = '1'\nos.chdir('/tmp')";
const look = "import os, sys\nprint(len(sys.path) > 3, os.environ.get('X'), os.getcwd())";

test(
  "what a Step does to its interpreter is gone with it, and no two draw the same random numbers",
  { timeout: 60_000 },
  async () => {
    const [first, second, third, , after] = await show("on", [draw, draw, draw, spoil, look]);
    const numbers = [first, second, third].flatMap((shown) => shown?.stdout.split(" "));
    expect(numbers).toHaveLength(15);
    expect(new Set(numbers).size).toBe(15);
    expect(after).toMatchObject({ exitCode: 0, stdout: "True None /workspace" });
  },
);
