import { expect, test } from "vitest";
import { startAgent } from "../testing/agent-sandbox.ts";
import { finishesOf, jobFrame, python, shell, textOf } from "../testing/job-frame.ts";

/** Tries, from a Step, what would change the runner, and with it the Steps after this one. */
const attack = `
import ctypes, os, platform, resource
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == "x86_64" else 1
def call(numbers, *a):
  result = libc.syscall(ctypes.c_long(numbers[column]), *[ctypes.c_long(x) for x in a])
  if result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
  return result
def write(name, what):
  with open(f"/proc/1/{name}", "r+b", 0) as file: file.write(what)
def tried(what, f, *a):
  try: f(*a); result = "done"
  except OSError as e: result = e.strerror
  print("tried", what, result)
for name in ("environ", "maps", "auxv", "fd/3", "fd/4", "fd/1", "cwd/.", "syscall", "task/1/fd/3"): tried(name, open, f"/proc/1/{name}", "rb")
for name in ("mem", "task/1/mem", "oom_score_adj", "comm", "task/1/comm", "timerslack_ns"): tried(name, write, name, b"1")
for number in (0, 2, 9, 15, 17, 19): tried(f"signal {number}", os.kill, 1, number)
tried("trace", call, (101, 117), 16, 1, 0, 0)
tried("seize", call, (101, 117), 0x4206, 1, 0, 0)
vector = (ctypes.c_long * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
for numbers in ((310, 270), (311, 271)): tried("memory", call, numbers, 1, ctypes.addressof(vector), 1, ctypes.addressof(vector), 1, 0)
tried("limits", resource.prlimit, 1, resource.RLIMIT_NOFILE, (4, 4))
tried("turn", os.setpriority, os.PRIO_PROCESS, 1, 19)
tried("turn of its group", os.setpriority, os.PRIO_PGRP, os.getpgid(1), 19)
tried("processors", os.sched_setaffinity, 1, [0])
tried("group", os.setpgid, 1, os.getpid())
# A child of process 1's, as the Step is: it must not be taken for the Step. 0x8011 is CLONE_PARENT and SIGCHLD.
if call((56, 220), 0x8011, 0, 0, 0, 0) == 0: os._exit(77)
os._exit(5)
`;

/** What a Step finds of the Steps before it, whose environments process 1 was told, and of process 1 itself. */
const remains = `
import os
numbers = set()
shared = []
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
  for line in maps.read().splitlines():
    place, mode = line.split()[:2]
    if mode[1] == "w" and mode[3] == "s": shared.append(line)
    if mode[0] != "r" or "[v" in line: continue
    start, end = (int(each, 16) for each in place.split("-"))
    memory.seek(start)
    block = memory.read(end - start)
    for piece in block.split(b"LONGSHORE_STEP=")[1:]: numbers.add(piece[:1])
print("remains", {n for n in numbers if n.isdigit()} == {os.environ["LONGSHORE_STEP"].encode()}, shared, sorted(os.listdir("/proc/self/fd")))
`;

const state = "import os, resource\nprint('state', os.nice(0), resource.getrlimit(7), os.getppid())";
const may = { continue_on_error: true };

test(
  "a Step can neither open, stop, kill nor limit the runner from which the next one comes, nor find another Step in it",
  {
    timeout: 60_000,
  },
  async () => {
    const agent = await startAgent({ stepRunner: "on" });
    try {
      agent.link.send(
        jobFrame([
          python(state),
          { ...python(attack), ...may },
          shell("kill -9 1; kill -STOP 1; pkill -9 python3; pkill -STOP -f '[s]tep.py'; true", may),
          { ...python("import time\ntime.sleep(60)"), ...may, timeout_ms: 500 },
          // It goes on where no more can be forked, which on a quick machine is soon.
          shell("python3 -c 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass'", {
            ...may,
            timeout_ms: 700,
          }),
          python(state),
          python(remains),
        ]),
      );
      await agent.link.take("done");
      const lines = textOf(agent.link.frames, "stdout").split("\n");
      const states = lines.filter((line) => line.startsWith("state"));
      expect(states).toHaveLength(2);
      expect(new Set(states).size).toBe(1);
      const attempts = lines.filter((line) => line.startsWith("tried"));
      expect(attempts).toHaveLength(30);
      for (const line of attempts)
        expect(line).toMatch(/(Permission denied|Operation not permitted|No such process)$/);
      expect(lines.at(-1)).toBe("remains True [] ['0', '1', '2', '3']");
      const finishes = finishesOf(agent.link.frames);
      expect(finishes.map(({ exit_code }) => exit_code)).toEqual([0, 5, 0, null, null, 0, 0]);
    } finally {
      await agent.remove();
    }
  },
);

test(
  "what is to be loaded is loaded, unless the Job has its own by that name",
  { timeout: 60_000 },
  async () => {
    const idle = await startAgent({ stepRunner: "on", stepPreload: "statistics,numpy,no_such_module" });
    try {
      await expect.poll(() => idle.exec("cat", "/proc/1/cmdline"), { timeout: 20_000 }).toContain("python3");
      const look =
        "import sys\nprint('statistics' in sys.modules)\nimport statistics\nprint(statistics.__file__)";
      const draw = "import numpy, sys\nprint(numpy.random.rand())";
      idle.link.send(
        jobFrame([python(look), python(draw), python(draw), shell("echo > statistics.py"), python(look)]),
      );
      await idle.link.take("done");
      const library = "/usr/lib/python3.11/statistics.py";
      const lines = textOf(idle.link.frames, "stdout").split("\n");
      const drawn = lines.splice(2, 2);
      expect(lines).toEqual([...["True", library], ...["False", "/workspace/statistics.py"]]);
      expect(new Set(drawn).size).toBe(2);
    } finally {
      await idle.remove();
    }
  },
);

test(
  "what a Step hangs on a module that was loaded for it does not keep its files from their end",
  { timeout: 60_000 },
  async () => {
    const idle = await startAgent({ stepRunner: "on", stepPreload: "json" });
    try {
      await expect.poll(() => idle.exec("cat", "/proc/1/cmdline"), { timeout: 20_000 }).toContain("python3");
      const write =
        "import json\ndef own(self, value): return kept\njson.JSONEncoder.default = own\nkept = open('kept.txt', 'w'); kept.write('to its end')";
      idle.link.send(jobFrame([python(write), shell("cat kept.txt")]));
      await idle.link.take("done");
      expect(textOf(idle.link.frames, "stdout")).toBe("to its end");
    } finally {
      await idle.remove();
    }
  },
);

test(
  "a module that was loaded for Steps has its files where it would have had them in their own interpreter",
  { timeout: 60_000 },
  async () => {
    const idle = await startAgent({ stepRunner: "on", stepPreload: "matplotlib" });
    try {
      await expect.poll(() => idle.exec("cat", "/proc/1/cmdline"), { timeout: 20_000 }).toContain("python3");
      const look = "import matplotlib\nprint(matplotlib.get_configdir())";
      idle.link.send(jobFrame([python("print(1)"), python("print(2)"), python(look)]));
      await idle.link.take("done");
      expect(textOf(idle.link.frames, "stdout")).toBe("1\n2\n/tmp/.config/matplotlib");
      expect(textOf(idle.link.frames, "stderr")).toBe("");
    } finally {
      await idle.remove();
    }
  },
);

test.each<Record<string, string>>([{ OWN: "1" }, { HOME: "/workspace" }])(
  "a Sandbox that waits for its Job has the runner ready before it comes, but what was loaded is not for a Job with %j",
  { timeout: 60_000 },
  async (env) => {
    const idle = await startAgent({ stepRunner: "on", stepPreload: "statistics" });
    try {
      const nameOfProcess1 = () => idle.exec("cat", "/proc/1/cmdline");
      await expect.poll(nameOfProcess1, { timeout: 20_000 }).toContain("python3");
      idle.link.send(jobFrame([python("import sys\nprint('statistics' in sys.modules)")], { env }));
      await idle.link.take("done");
      expect(textOf(idle.link.frames, "stdout")).toBe("False");
    } finally {
      await idle.remove();
    }
  },
);
