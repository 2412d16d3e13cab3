/** A Python program, by what it shows of how it is run. */
export interface PythonProgram {
  readonly name: string;
  readonly code: string;
  /** What its Step ends with; null where it is over its time. */
  readonly exitCode: number | null;
}

export const program = (name: string, exitCode: number | null, code: string): PythonProgram => ({
  name,
  exitCode,
  code,
});

/** What an interpreter is like before it has done anything. */
const beginnings = [
  program(
    "what its module knows of itself",
    0,
    "import sys\nprint(__name__, __file__, __package__, __spec__, __doc__, __cached__, __loader__.name, __loader__.path, sorted(globals()))\nprint(sys.modules['__main__'].__dict__ is globals(), __annotations__)",
  ),
  program(
    "arguments, paths and flags",
    0,
    "import sys\nprint(sys.argv, sys.orig_argv, sys.path, sys.executable, sys._base_executable, sys.prefix, sys.flags, sys.warnoptions, sys._xoptions)",
  ),
  program(
    "modules and finders",
    0,
    "import sys\nprint(sorted(sys.modules))\nprint(sys.meta_path, len(sys.path_hooks), sorted(sys.path_importer_cache))\nimport site, os\nprint(site.USER_BASE, site.USER_SITE, site.ENABLE_USER_SITE, site.PREFIXES, os.__file__)",
  ),
  program(
    "its collector of garbage",
    0,
    "import gc, weakref\nclass Ring: pass\nfirst = Ring(); first.next = Ring(); first.next.next = first\nseen = weakref.ref(first)\nprint(gc.isenabled(), gc.get_threshold(), gc.garbage, sum(isinstance(each, Ring) for each in gc.get_objects()))\ndel first\nprint(seen() is None, gc.collect() >= 2, seen() is None)",
  ),
  program(
    "its environment and place",
    0,
    "import os\nprint(sorted(os.environ.items()), os.getcwd(), os.umask(0o22))\nprint(os.popen('env | sort').read())",
  ),
  program(
    "its process",
    0,
    `import os, resource, signal
status = dict(line.rstrip().split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print([status[name].strip() for name in ("Name", "Umask", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "CapEff", "NoNewPrivs", "Seccomp", "Threads")], status.get("Seccomp_filters"))
print(os.getpid() == os.getpgid(0) == os.getsid(0), os.nice(0), open("/proc/self/oom_score_adj").read(), os.sched_getaffinity(0))
print([resource.getrlimit(n) for n in range(16)], os.stat("/proc/self/environ").st_uid == os.getuid())
print([signal.getsignal(n) for n in range(1, 65) if n not in (32, 33)], signal.set_wakeup_fd(-1))
print(resource.getrusage(resource.RUSAGE_CHILDREN)[:2], os.times()[2:4])`,
  ),
  program(
    "its descriptors",
    0,
    "import os, stat\nfor fd in map(int, sorted(os.listdir('/proc/self/fd'))):\n  try: print(fd, oct(os.fstat(fd).st_mode), os.get_inheritable(fd), os.get_blocking(fd))\n  except OSError: pass",
  ),
  program(
    "its streams",
    0,
    "import sys\nfor s in (sys.stdin, sys.stdout, sys.stderr): print(s.name, s.mode, s.encoding, s.errors, s.newlines, s.line_buffering, s.write_through, s.isatty(), s.fileno(), s.seekable(), type(s.buffer), s.buffer.mode, s is getattr(sys, '__' + s.name.strip('<>') + '__'))",
  ),
  program(
    "locale, encodings and time zone",
    0,
    "import locale, sys, time\nprint(locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), time.tzname, locale.localeconv()['decimal_point'])",
  ),
  program(
    "what is under it on the stack",
    0,
    "import inspect, sys, traceback\nprint(len(inspect.stack()), sys._getframe().f_back)\ntraceback.print_stack()",
  ),
  program(
    "collector, limits and hooks",
    0,
    "import gc, sys, threading, warnings\nprint(gc.isenabled(), gc.get_threshold(), gc.callbacks, gc.garbage, sys.getrecursionlimit(), sys.getswitchinterval(), sys.gettrace(), sys.getprofile(), sys.excepthook, sys.displayhook, warnings.filters)\nprint(threading.current_thread().name, threading.active_count(), threading.main_thread().ident == threading.get_ident(), threading.get_native_id())".replace(
      ", threading.get_native_id())",
      ", threading.get_native_id() == __import__('os').getpid())",
    ),
  ),
  program("an empty program", 0, ""),
];

/** How a program can end. */
const endings = [
  program(
    "an error deep in functions",
    1,
    "def inner(n):\n    return 1 / n\n\ndef outer():\n    return inner(0)\n\nouter()",
  ),
  program("a syntax error", 1, "x = 1\nprint('never'\ny = (\n"),
  program("an indentation error", 1, "if True:\nprint(1)"),
  program(
    "errors with causes, notes and groups",
    1,
    "try:\n  {}['a']\nexcept KeyError as e:\n  e.add_note('noted')\n  raise ExceptionGroup('many', [ValueError(1), OSError(2, 'x')]) from e",
  ),
  program("an error without end", 1, "def f(): f()\nf()"),
  program(
    "an error that cannot be told",
    1,
    "class E(Exception):\n  def __str__(self): raise TypeError\nraise E",
  ),
  program(
    "a hook for errors",
    1,
    "import sys\nsys.excepthook = lambda *e: print('hooked', e[1])\nraise ValueError('x')",
  ),
  ...(
    [
      ["None", 0],
      ["0", 0],
      ["3", 3],
      ["256", 0],
      ["-1", 255],
      ["True", 1],
      ["'why'", 1],
      ["2.5", 1],
      ["(1, 2)", 1],
      ["b'x'", 1],
      ["10**30", 255],
    ] as const
  ).map(([argument, code]) => program(`sys.exit(${argument})`, code, `import sys\nsys.exit(${argument})`)),
  program("sys.exit()", 0, "import sys\nsys.exit()"),
  program("exit('bye')", 1, "exit('bye')"),
  program("sys.exit within try and finally", 4, "import sys\ntry: sys.exit(4)\nfinally: print('last')"),
  program(
    "os._exit",
    7,
    "import atexit, os\natexit.register(print, 'never')\nprint('x', end='')\nos._exit(7)",
  ),
  program("os.abort", 134, "import os\nos.abort()"),
  program("SIGTERM", 143, "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nsignal.pause()"),
  program("SIGKILL", 137, "import os\nos.kill(os.getpid(), 9)"),
  program("SIGINT", 130, "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)"),
  program("an alarm", 142, "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\nsignal.pause()"),
  program(
    "a signal with a handler",
    0,
    "import os, signal\nsignal.signal(signal.SIGTERM, lambda n, f: print('got', n, f.f_code.co_name))\nos.kill(os.getpid(), signal.SIGTERM)\nprint('on')",
  ),
  program("KeyboardInterrupt", 130, "raise KeyboardInterrupt('told')"),
  program(
    "a crash with faulthandler",
    139,
    "import ctypes, faulthandler\nfaulthandler.enable()\ndef crash(): ctypes.string_at(0)\ncrash()",
  ),
  program("a crash", 139, "import ctypes\nprint('before', end='')\nctypes.string_at(0)"),
  program(
    "what is registered for the end, in its order",
    0,
    "import atexit\natexit.register(print, 1)\natexit.register(lambda: print('__file__' in globals()))\natexit.register(lambda: 1 / 0)\natexit.register(print, 3)",
  ),
  program(
    "threads that end after it, and daemons that do not",
    0,
    "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.05), print('late'))).start()\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nprint('main')",
  ),
  program(
    "an error in a thread",
    0,
    "import threading\nt = threading.Thread(target=lambda: 1 / 0, name='other')\nt.start(); t.join()\nprint('on')",
  ),
  program("memory that nobody has", 1, "bytearray(1 << 50)"),
  program(
    "memory over its own limit",
    1,
    "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2)\nbytearray(1 << 29)",
  ),
  program("a debugger without input", 1, "breakpoint()\nprint('on')"),
  program("a program that is over its time", null, "import time\nprint('waits')\ntime.sleep(60)"),
  program("the program after it", 0, "print('runs')"),
];

/** What a program reads and writes, and where its parts come from. */
const doings = [
  program("input() without input", 1, "input('name? ')"),
  program(
    "stdin to its end",
    0,
    "import sys\nprint(repr(sys.stdin.read()), sys.stdin.isatty(), list(open(0)))",
  ),
  program("letters of all kinds", 0, "print('é漢😀 \\u200b'); import sys; print('Ж', file=sys.stderr)"),
  program("a letter that cannot be written", 0, "print('\\udcff')"),
  program("bytes", 0, "import sys\nsys.stdout.buffer.write(b'\\xff\\x00raw')\nsys.stdout.write(' text')"),
  program("much output", 0, "for n in range(30_000): print(n, 'x' * 20)"),
  program("output without a newline, in pieces", 0, "for c in 'abc': print(c, end='')"),
  program("stdout closed by it", 1, "import os\nos.close(1)\nprint('x')"),
  program(
    "a reader that has gone",
    1,
    "import os\nr, w = os.pipe()\nos.dup2(w, 1)\nos.close(r); os.close(w)\nprint('x')",
  ),
  program(
    "stdout replaced",
    0,
    "import io, sys\nsys.stdout = io.StringIO()\nprint('lost')\nsys.__stdout__.write('kept')",
  ),
  program("stdout closed at the end", 0, "import sys\nprint('x')\nsys.stdout.close()"),
  program(
    "warnings",
    0,
    "import warnings\nwarnings.warn('one')\nwarnings.warn('deep', DeprecationWarning, stacklevel=2)\nopen('/dev/null')\nprint(1 is 1)",
  ),
  program("an encoding line", 0, "# -*- coding: latin-1 -*-\nprint('\u00e9')"),
  program("a byte order mark and CRLF", 0, "\uFEFFprint('a')\r\nprint('b')\r\n"),
  program(
    "its module, imported and pickled",
    0,
    "import pickle, __main__\nclass A: pass\nprint(__main__.__file__, type(pickle.loads(pickle.dumps(A()))), __main__.A is A)",
  ),
  program(
    "its source",
    0,
    "import inspect\ndef f(): return 1  # noted\nprint(inspect.getsource(f), inspect.getfile(f), f.__code__.co_filename)",
  ),
  program(
    "annotations at its top",
    0,
    "from __future__ import annotations\nx: int = 1\nprint(__annotations__)",
  ),
  program("an import relative to nothing", 1, "from . import x"),
  program("an import of nothing", 1, "import no_such_module"),
  program(
    "a pool of forks",
    0,
    "import multiprocessing as m, os\ndef f(n): return n * n\nif __name__ == '__main__':\n  with m.get_context('fork').Pool(2) as p: print(p.map(f, range(4)))\n  q = m.get_context('fork').Queue(); c = m.get_context('fork').Process(target=q.put, args=(5,)); c.start(); print(q.get()); c.join(); print(c.exitcode)",
  ),
  ...(["spawn", "forkserver"] as const).map((kind) =>
    program(
      `a pool by ${kind}`,
      0,
      `import multiprocessing as m\ndef f(n): return n * n\nprint(__name__)\nif __name__ == '__main__':\n  with m.get_context('${kind}').Pool(1) as p: print(p.map(f, range(4)))`,
    ),
  ),
  program(
    "a fork that ends by itself",
    5,
    "import os, sys\npid = os.fork()\nif pid == 0: sys.exit(5)\nprint(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); sys.exit(5)",
  ),
  program(
    "programs that it starts",
    0,
    "import os, subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import sys, os; print(sys.path, sys.flags, sys.argv, sorted(os.environ))'], capture_output=True, text=True).stdout)\nprint(os.system('yes | head -n 1'), subprocess.run(['bash', '-c', 'yes | head -n 1; echo ${PIPESTATUS[@]}'], capture_output=True))",
  ),
  program(
    "a program in its place",
    6,
    "import os, sys\nos.execv(sys.executable, ['python3', '-c', 'import sys; print(sys.argv); sys.exit(6)'])",
  ),
  program(
    "asyncio",
    0,
    "import asyncio\nasync def f():\n  await asyncio.sleep(0)\n  p = await asyncio.create_subprocess_shell('echo sub; exit 3', stdout=-1)\n  print((await p.communicate())[0], p.returncode)\nasyncio.run(f())",
  ),
  program(
    "executors",
    0,
    "from concurrent.futures import *\nif __name__ == '__main__':\n  with ThreadPoolExecutor() as t, ProcessPoolExecutor(1) as p: print(list(t.map(abs, [-1])), list(p.map(abs, [-2])))",
  ),
  program(
    "a package of the Job's own, from its place",
    0,
    "import os\nos.makedirs('own/deep')\nopen('own/deep/part.py', 'w').write('import os\\nx = (__name__, __file__, os.getcwd())')\nfrom own.deep import part\nprint(part.x)",
  ),
  program(
    "the program that finds it too",
    0,
    "import own.deep.part as p, shutil\nprint(p.x)\nshutil.rmtree('own')",
  ),
  program("its clocks", 0, "import time\nprint(time.process_time() < 5, time.thread_time() < 5)"),
  program(
    "exec with names of its own",
    0,
    "n = {}\nexec('import sys\\nx = __name__', n)\nprint(n['x'], __import__('runpy').run_path(__file__, run_name='again')['__name__']) if __name__ == '__main__' else None",
  ),
  program(
    "a module that shadows the library's",
    0,
    "open('statistics.py', 'w').write('x = 9')\nopen('usercustomize.py', 'w').write('print(\"customized\")')",
  ),
  program(
    "the program after that",
    0,
    "import statistics, sys\nprint(statistics.x, statistics.__file__, 'usercustomize' in sys.modules)\nimport os; os.remove('statistics.py'); os.remove('usercustomize.py')",
  ),
  program(
    "packages installed for its user",
    0,
    "import os, site\nos.makedirs(site.USER_SITE)\nopen(site.USER_SITE + '/mine.py', 'w').write('x = 1')\nopen(site.USER_SITE + '/mine.pth', 'w').write('import sys; sys.mine = 2')",
  ),
  program(
    "the program that finds them",
    0,
    "import mine, shutil, site, sys\nprint(mine.x, sys.mine, sys.path)\nshutil.rmtree(site.USER_BASE)",
  ),
];

/** Programs whose Steps must be the same however they are started. */
export const pythonPrograms: readonly PythonProgram[] = [...beginnings, ...endings, ...doings];
