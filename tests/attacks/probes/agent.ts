import { probeGroup, type ProbeRow } from "../probe.ts";

const shut = /^(EACCES|EPERM| )+$/;

const memory: readonly ProbeRow[] = (
  [
    ["process 1", "1"],
    ["the agent", "AGENT"],
  ] as const
).flatMap(([who, pid]): readonly ProbeRow[] => [
  [
    `open the memory of ${who}`,
    `all_of(tried(os.open, f"/proc/{${pid}}/mem", mode) for mode in (os.O_RDONLY, os.O_RDWR))`,
    shut,
  ],
  [`list the descriptors of ${who}`, `read(f"/proc/{${pid}}/fd")`, shut],
  [
    `write to the stdout of ${who}, and so forge a frame`,
    `all_of(write(f"/proc/{${pid}}/fd/{number}", "{}") for number in (0, 1, 2))`,
    shut,
  ],
  [`read the environment of ${who}`, `read(f"/proc/{${pid}}/environ")`, shut],
  [
    `see the address space of ${who}`,
    `all_of(read(f"/proc/{${pid}}/{name}") for name in ("maps", "smaps", "pagemap", "auxv", "syscall", "stack", "personality"))`,
    shut,
  ],
  [
    `use the root or the folder of ${who}`,
    `all_of(tried(os.listdir, f"/proc/{${pid}}/{name}/") for name in ("root", "cwd"))`,
    shut,
  ],
  [
    `change what the kernel thinks of ${who}`,
    `all_of(write(f"/proc/{${pid}}/{name}", "1") for name in ("oom_score_adj", "clear_refs", "coredump_filter", "timerslack_ns", "comm"))`,
    /^(EACCES|EPERM|ENOENT|EINVAL| )+$/,
  ],
]);

const signals: readonly ProbeRow[] = [
  ["kill or stop the agent", "all_of(tried(os.kill, AGENT, number) for number in (9, 19, 15, 10))", shut],
  ["kill everybody at once", "tried(os.kill, -1, 9)", /^EPERM$/],
  [
    "kill the agent's group, or one of its threads",
    'all_of([tried(os.kill, -os.getpgid(AGENT), 9), *(call(name, *pids, 9) for thread in map(int, os.listdir(f"/proc/{AGENT}/task")) for name, pids in (("tkill", [thread]), ("tgkill", [AGENT, thread])))])',
    /^EPERM$/,
  ],
  [
    "kill the agent by a high bit in its pid",
    'all_of([call("kill", AGENT | HIGH_BIT, 9), call("kill", -1 & 0xffffffff, 9)])',
    /^EPERM$/,
  ],
  [
    "queue a signal to the agent",
    'call("rt_sigqueueinfo", AGENT, 9, struct.pack("iiiiii", 9, 0, -1, 0, os.getpid(), os.getuid()) + bytes(104))',
    /^EPERM$/,
  ],
  [
    "signal the agent by a descriptor",
    'all_of([call("pidfd_open", AGENT, 0), call("pidfd_send_signal", os.open(f"/proc/{AGENT}", os.O_RDONLY), 9, 0, 0)])',
    /^EPERM ENOSYS$/,
  ],
  [
    "signal the agent as the owner of a file",
    'inet = socket.socket(); all_of([call("fcntl", inet.fileno(), 8, AGENT), call("fcntl", inet.fileno(), 15, struct.pack("ii", 1, AGENT)), call("ioctl", inet.fileno(), 0x8901, struct.pack("i", AGENT))])',
    /^EPERM$/,
  ],
  [
    "end process 1",
    'all_of(tried(os.kill, 1, number) for number in (9, 15, 2, 1, 3, 19)) + " " + (time.sleep(0.05) or status_of("State", AGENT)[0])',
    /^(done|EPERM)( EPERM)? [SR]$/,
  ],
  [
    "starve the agent by its limits or its turn",
    'all_of([call("prlimit64", AGENT, 7, struct.pack("QQ", 3, 3), 0), call("setpriority", 0, AGENT, 19), call("setpriority", 2, os.getuid(), 19), call("sched_setscheduler", AGENT, 5, struct.pack("i", 0)), call("sched_setaffinity", AGENT, 8, struct.pack("Q", 1)), call("ioprio_set", 1, AGENT, 3 << 13)])',
    /^EPERM$/,
  ],
  [
    "starve process 1, from which later Steps come, by its limits or its turn",
    'all_of([call("prlimit64", 1, 7, struct.pack("QQ", 3, 3), 0), call("setpriority", 0, 1, 19), call("setpriority", 1, os.getpgid(1), 19), call("sched_setscheduler", 1, 5, struct.pack("i", 0)), call("sched_setaffinity", 1, 8, struct.pack("Q", 1)), call("ioprio_set", 1, 1, 3 << 13), call("ioprio_set", 2, os.getpgid(1), 3 << 13)])',
    /^EPERM$/,
  ],
  [
    "send process 1 any signal",
    'all_of([*(tried(os.kill, 1, number) for number in (0, 9, 17, 19, 34)), call("tkill", 1, 9), call("tgkill", 1, 1, 9), call("rt_sigqueueinfo", 1, 17, struct.pack("iiiiii", 17, 0, -1, 0, os.getpid(), os.getuid()) + bytes(104)), call("pidfd_open", 1, 0), call("fcntl", socket.socket().fileno(), 8, 1)])',
    /^EPERM$/,
  ],
  [
    "open the agent's debugger",
    'all_of([tried(os.kill, AGENT, signal.SIGUSR1), connects(socket.AF_INET, ("127.0.0.1", 9229))])',
    /^EPERM ECONNREFUSED$/,
  ],
];

const programs: readonly ProbeRow[] = [
  [
    "read the programs of process 1, the agent or the relay",
    'all_of(read(path) for path in ("/opt/longshore/init", "/opt/longshore/agentd", "/opt/longshore/relay"))',
    /^EACCES$/,
  ],
  [
    "have descriptors of the agent's",
    'all_of(os.readlink(f"/proc/{os.getppid()}/fd/{name}").split(":")[0] for name in os.listdir(f"/proc/{os.getppid()}/fd") if int(name) > 2)',
    /^(pipe|nothing)$/,
  ],
  [
    "read or write by its standard input",
    'all_of([os.readlink(f"/proc/{os.getppid()}/fd/0"), write("/proc/self/fd/0")])',
    /^\/dev\/null (written|EACCES|EROFS)$/,
  ],
  [
    "be in the agent's session or group",
    "all_of([os.getsid(0) == os.getsid(AGENT), os.getpgid(0) == os.getpgid(AGENT)])",
    /^False$/,
  ],
  [
    "be spared before the agent, or the agent before the service, when memory runs out",
    'read("/proc/self/oom_score_adj") + " " + read(f"/proc/{AGENT}/oom_score_adj")',
    /^1000 500$/,
  ],
];

const asAgent = (say: string): string => `peer = socket.socket(socket.AF_UNIX)
peer.settimeout(30)
peer.connect("\\0longshore-agent")
peer.sendall(${say})
answer = b""
try:
  while piece := peer.recv(65536): answer += piece
except OSError as error: answer += name_of(error.errno).encode()
answer.decode()[:200] or "closed without a word"`;
const wordless = /^(closed without a word|ECONNRESET|EPIPE|raised EPIPE|raised ECONNRESET)$/;

const socket: readonly ProbeRow[] = [
  [
    "own the agent by a guessed token",
    asAgent(`b'{"type":"resume","after":0,"epoch":9,"token":"guess"}\\n'`),
    wordless,
  ],
  ["own the agent without a token", asAgent(`b'{"type":"resume","after":0,"epoch":9}\\n'`), wordless],
  ["give the agent a Job of its own", asAgent(`b'{"type":"job","steps":[]}\\n'`), wordless],
  ["send the agent garbage", asAgent("os.urandom(100000)"), wordless],
  ["send the agent a line without end", asAgent('b"x" * 3000000'), wordless],
  [
    "take the agent's name on its socket",
    'tried(socket.socket(socket.AF_UNIX).bind, "\\0longshore-agent")',
    /^EADDRINUSE$/,
  ],
  [
    "keep the agent busy with connections",
    `held = []
for number in range(100):
  peer = socket.socket(socket.AF_UNIX); peer.settimeout(1)
  try: peer.connect("\\0longshore-agent"); held.append(peer)
  except OSError: break
status_of("State", AGENT)[0] in "SR"`,
    /^True$/,
  ],
];

/** The agent, which runs beside the Step with the same uid. */
export const agent = probeGroup("agent", [...memory, ...programs, ...socket, ...signals]);
