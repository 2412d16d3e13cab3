import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent, type AgentSandbox } from "../testing/agent-sandbox.ts";
import { eventsOf, finishesOf, jobFrame, python, shell, textOf, writeFile } from "../testing/job-frame.ts";

let agent: AgentSandbox;
beforeEach(async () => {
  agent = await startAgent();
}, 60_000);
afterEach(() => agent.remove());

const slow = { timeout: 60_000 };

/** Runs a plan that ends with `done`, repaired by nobody. */
async function run(...job: Parameters<typeof jobFrame>): Promise<void> {
  agent.link.send(jobFrame(...job));
  const done = agent.link.take("done");
  const answered = agent.link.take("model_request").then(({ turn }) => {
    agent.link.send({ type: "model_result", turn, steps: null });
  });
  await Promise.race([answered, done]);
  await done;
}

const stdout = (): string => textOf(agent.link.frames, "stdout");
const stderr = (): string => textOf(agent.link.frames, "stderr");
const exitCodes = (): (number | null)[] => finishesOf(agent.link.frames).map((event) => event.exit_code);

test(
  "Steps run in the order of the plan, whatever their kinds, and see what earlier ones wrote",
  slow,
  async () => {
    await run([
      writeFile("helper.py", "word = 'imported'"),
      python("import helper\nprint(helper.word)\nopen('number', 'w').write('41')"),
      shell("echo $(( $(cat number) + 1 )) > number; pwd"),
      python("print(open('number').read().strip(), __name__)"),
    ]);
    expect(stdout().split("\n")).toEqual(["imported", "/workspace", "42 __main__"]);
    expect(exitCodes()).toEqual([0, 0, 0, 0]);
    expect(
      eventsOf(agent.link.frames).flatMap((event) => (event.type === "step_started" ? event.index : [])),
    ).toEqual([1, 2, 3, 4]);
  },
);

test("a failed Step ends the plan, with its exit code and what it said", slow, async () => {
  await run([shell("echo why >&2; exit 3"), shell("echo never")]);
  expect(exitCodes()).toEqual([3]);
  expect(stderr()).toBe("why");
  expect(stdout()).toBe("");
});

test("a failed Step that may fail does not end the plan, and asks for no repair", slow, async () => {
  agent.link.send(jobFrame([shell("exit 3", { continue_on_error: true }), shell("echo on")]));
  await agent.link.take("done");
  expect(exitCodes()).toEqual([3, 0]);
  expect(agent.link.frames.some((frame) => frame.type === "model_request")).toBe(false);
});

test(
  "without a plan it asks for one, and after a failed Step for another, telling what files are there",
  slow,
  async () => {
    agent.link.send(jobFrame(null));
    expect(await agent.link.take("model_request")).toMatchObject({ turn: 1, files: [] });
    agent.link.send({
      type: "model_result",
      turn: 1,
      steps: [writeFile("a/b.txt", "12345"), shell("exit 1")],
    });
    expect(await agent.link.take("model_request")).toMatchObject({
      turn: 2,
      files: [{ path: "a/b.txt", bytes: 5 }],
    });
    agent.link.send({ type: "model_result", turn: 1, steps: [shell("echo an old answer")] });
    agent.link.send({ type: "model_result", turn: 2, steps: [shell("cat a/b.txt")] });
    await agent.link.take("done");
    expect(stdout()).toBe("12345");
    expect(exitCodes()).toEqual([0, 1, 0]);
  },
);

test(
  "a pipe fails with its first part, and a program killed by a signal has 128 more than its number",
  slow,
  async () => {
    const may = { continue_on_error: true };
    await run([shell("false | true", may), shell("kill -SEGV $$", may), shell("kill -KILL $$", may)]);
    expect(exitCodes()).toEqual([1, 139, 137]);
    expect(finishesOf(agent.link.frames).map((event) => event.sigkilled)).toEqual([false, false, true]);
  },
);

test("a Step over its time is killed with its daemons, and has no exit code (fault 17)", slow, async () => {
  const daemon =
    "setsid sh -c 'trap \"\" TERM HUP; while :; do date +%s%N > beat; sleep 0.05; done' >/dev/null 2>&1 &";
  const check =
    'a=$(cat beat); sleep 0.4; [ "$a" = "$(cat beat)" ] && ps -e -o args= | grep -c \'beat\' || true';
  agent.link.send(
    jobFrame([
      shell(`${daemon} ${daemon} sleep 60`, { timeout_ms: 700, continue_on_error: true }),
      shell(check),
    ]),
  );
  await agent.link.take("done");
  expect(finishesOf(agent.link.frames)[0]).toMatchObject({
    exit_code: null,
    timed_out: true,
    sigkilled: true,
  });
  expect(finishesOf(agent.link.frames)[0]?.duration_ms).toBeLessThan(3_000);
  // grep and the bash that runs `check` name it; no daemon does.
  expect(Number(stdout())).toBeLessThanOrEqual(2);
});

test(
  "what a Step leaves running ends with it, even where it holds the output open (fault 17)",
  slow,
  async () => {
    await run([
      shell("setsid sleep 300 & setsid sh -c 'sleep 300' & echo started"),
      shell("pgrep -c sleep || true"),
    ]);
    expect(stdout()).toBe("started\n0");
  },
);

test("a command too long for an argument behaves as one that is not", slow, async () => {
  const command = (padding: number): string => `: ${"x".repeat(padding)}
echo "$0 $# $LINENO"
exit 7`;
  const may = { continue_on_error: true };
  await run([shell(command(10), may), shell(command(300_000), may)]);
  expect(stdout().split("\n")).toEqual(["bash 0 2", "bash 0 2"]);
  expect(exitCodes()).toEqual([7, 7]);
});

test(
  "Python is a program of its own: tracebacks show the source, sys.exit and multiprocessing work",
  slow,
  async () => {
    const pool = `
import multiprocessing
def double(n): return 2 * n
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    with multiprocessing.Pool(2) as pool: print(pool.map(double, [1, 2]))
    import sys; sys.exit(4)
`;
    const may = { continue_on_error: true };
    await run([
      { ...python(pool), ...may },
      { ...python("x = 1\nraise ValueError('told')"), ...may },
      python(`x = "${"y".repeat(500_000)}"\nprint(len(x))`),
    ]);
    expect(stdout().split("\n")).toEqual(["[2, 4]", "500000"]);
    expect(exitCodes()).toEqual([4, 1, 0]);
    expect(stderr()).toContain("raise ValueError('told')\nValueError: told");
  },
);

test("the environment is the Job's over the image's; Longshore's own names win", slow, async () => {
  await run(
    [
      shell(
        'echo "$GREETING $HOME $LONGSHORE_ATTEMPT $LONGSHORE_STEP $MPLBACKEND $PIP_BREAK_SYSTEM_PACKAGES"',
      ),
    ],
    {
      env: { GREETING: "a 'b' $c", HOME: "/workspace", LONGSHORE_STEP: "9" },
      attempt: 2,
    },
  );
  expect(stdout()).toBe("a 'b' $c /workspace 2 1 Agg 1");
});

test("an environment over what the kernel takes fails the Step with a note", slow, async () => {
  const env = Object.fromEntries(
    Array.from({ length: 70 }, (_, at) => [`V${String(at)}`, "x".repeat(32_000)]),
  );
  await run([shell("echo never")], { env });
  expect(finishesOf(agent.link.frames)[0]).toMatchObject({
    exit_code: 126,
    note: "The Step could not be started: its environment is too large.",
  });
});

test("/dev/stdout and /dev/stderr can be opened, and stdin is empty", slow, async () => {
  await run([
    shell("echo one > /dev/stdout; echo two | tee /dev/stderr >/dev/null; cat; echo three >> /dev/stdout"),
  ]);
  expect(stdout()).toBe("one\nthree");
  expect(stderr()).toBe("two");
});

test("write_file that cannot be done is a failed Step with a note", slow, async () => {
  await run([shell("mkdir taken"), writeFile("taken", "x")]);
  expect(finishesOf(agent.link.frames)[1]).toMatchObject({
    exit_code: 1,
    disk_full: false,
    note: "taken cannot be written: a folder is in its place.",
  });
});
