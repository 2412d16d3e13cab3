import { probeGroup, type ProbeRow } from "../probe.ts";

const rights: readonly ProbeRow[] = [
  [
    "have a capability",
    'all_of(status_of(name) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))',
    /^0{16}$/,
  ],
  [
    "give itself capabilities",
    'all_of([call("capset", struct.pack("II", 0x20080522, 0), struct.pack("IIIIII", *([0xffffffff] * 6))), call("prctl", 47, 2, 21, 0, 0)])',
    /^EPERM$/,
  ],
  [
    "gain rights by a program that it starts",
    'all_of([status_of("NoNewPrivs"), call("prctl", 39, 0, 0, 0, 0)])',
    /^1 ok 1$/,
  ],
  ["take back that it gains no rights", 'all_of([call("prctl", 38, 0, 0, 0, 0)])', /^EINVAL$/],
  ["run without a filter of its calls", 'status_of("Seccomp")', /^2$/],
  [
    "be root, or any other user",
    "all_of([os.getuid() == os.geteuid() == os.getgid(), 20000 <= os.getuid() < 21000])",
    /^True$/,
  ],
  [
    "be in a group of the host's",
    "all_of(group == os.getgid() for group in os.getgroups()) if os.getgroups() else True",
    /^True$/,
  ],
  [
    "become root",
    "all_of([tried(os.setuid, 0), tried(os.setresuid, 0, 0, 0), tried(os.setgid, 0), tried(os.setresgid, 0, 0, 0)])",
    /^EPERM$/,
  ],
  [
    "become another Job's user",
    "all_of([tried(os.setuid, 20000 + (os.getuid() - 19999) % 1000), tried(os.setgid, 19999)])",
    /^EPERM$/,
  ],
  ["join groups", "tried(os.setgroups, [0, 998])", /^EPERM$/],
  [
    "find su, sudo or their like",
    "sh(\"type -P su sudo doas pkexec mount umount newuidmap newgidmap chsh passwd | xargs -r -n1 stat -L -c %a | grep -E '^[4267]...'\")",
    /^1$/,
  ],
  [
    "find a program with another's rights",
    'sh("find / -xdev \\\\( -perm -4000 -o -perm -2000 \\\\) -type f 2>/dev/null")',
    /^[01]$/,
  ],
  [
    "find a program with capabilities",
    `found = []
for folder in ("/usr/bin", "/usr/local/bin", "/usr/sbin", "/opt/longshore", "/usr/lib"):
  for name in os.listdir(folder):
    path = os.path.join(folder, name)
    if not os.path.islink(path) and tried(os.getxattr, path, "security.capability") == "done": found.append(path)
all_of(found)`,
    /^nothing$/,
  ],
  [
    "make a program with another's rights",
    'import shutil; shutil.copy("/usr/bin/id", "/workspace/id"); os.chmod("/workspace/id", 0o6755); all_of(sh("/workspace/id -u").split()[1:]) == str(os.getuid())',
    /^True$/,
  ],
  [
    "give a file to root, or capabilities to a file",
    'open("/workspace/own", "w").close(); all_of([tried(os.chown, "/workspace/own", 0, 0), tried(os.setxattr, "/workspace/own", "security.capability", b"\\1\\0\\0\\2" + bytes(16)), tried(os.setxattr, "/workspace/own", "trusted.x", b"x")])',
    /^EPERM$/,
  ],
  [
    "have setuid programs or devices honoured on what it can write",
    'all_of(option for path in ("/workspace", "/tmp", "/dev/shm") for option in ("nosuid", "nodev") if option not in mount_at(path).split()[1].split(","))',
    /^nothing$/,
  ],
];

const processRights: readonly ProbeRow[] = [
  [
    "go before others (nice, real time)",
    'all_of([tried(os.setpriority, os.PRIO_PROCESS, 0, -5), tried(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)), call("ioprio_set", 1, 0, 1 << 13)])',
    /^(EPERM|EACCES| )+$/,
  ],
  [
    "be spared when memory runs out",
    'all_of([write("/proc/self/oom_score_adj", value) for value in ("-1000", "-1")])',
    /^EACCES$/,
  ],
  [
    "raise a hard limit",
    `def raised(limit):
  soft, hard = resource.getrlimit(limit)
  return "unlimited" if hard == -1 else tried(resource.setrlimit, limit, (soft, hard + 1))
all_of(raised(limit) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_SIGPENDING, resource.RLIMIT_RTPRIO))`,
    /^(ValueError|EPERM| )+$/,
  ],
  [
    "have more than its limits",
    "all_of(resource.getrlimit(limit)[1] for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_SIGPENDING, resource.RLIMIT_RTPRIO))",
    /^4096 1 65536 0 256$/,
  ],
  [
    "write to another user's files in /proc",
    'all_of(write(f"/proc/self/{name}", "0 0 1") for name in ("uid_map", "gid_map", "setgroups"))',
    /^(EPERM|EACCES|EINVAL| )+$/,
  ],
  [
    "map the page at zero",
    "ctypes.CDLL(None).mmap.restype = ctypes.c_void_p; LIBC.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), 3, 0x32, -1, ctypes.c_long(0)) & 0xffffffff",
    /^4294967295$/,
  ],
  [
    "type into a terminal of the host's",
    'all_of([tried(os.open, "/dev/tty", os.O_RDWR), *(tried(os.open, path, os.O_RDWR) for path in ("/dev/tty0", "/dev/tty1", "/dev/console", "/dev/vcs"))])',
    /^(ENXIO|ENOENT|EACCES|EPERM| )+$/,
  ],
];

/** Who a Step is, and what it may become. */
export const identity = probeGroup("identity", [...rights, ...processRights]);
