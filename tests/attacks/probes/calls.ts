import { probeGroup, type ProbeRow } from "../probe.ts";

const refused = /^EPERM$/;
/** Libraries fall back to an older call where one seems not to exist. */
const notThere = /^(ENOSYS|EPERM)$/;

const namespaces: readonly ProbeRow[] = [
  ["make a user namespace", 'call("unshare", 0x10000000)', refused],
  ["make a mount namespace", 'call("unshare", 0x20000)', refused],
  ["make a network namespace", 'call("unshare", 0x40000000)', refused],
  ["make a process namespace", 'call("unshare", 0x20000000)', refused],
  [
    "make a cgroup, uts, ipc or time namespace",
    'all_of(call("unshare", flag) for flag in (0x2000000, 0x4000000, 0x8000000, 0x80))',
    refused,
  ],
  ["clone into a user namespace", 'call("clone", 0x10000011)', refused],
  [
    "clone into any namespace, a high bit set or not",
    'all_of(call("clone", flag | high | 17) for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000) for high in (0, HIGH_BIT))',
    refused,
  ],
  ["clone by a call whose flags no filter sees", 'call("clone3", buffer(88), 88)', /^ENOSYS$/],
  [
    "enter a namespace",
    'all_of(call("setns", os.open(f"/proc/self/ns/{name}", 0), 0) for name in ("net", "mnt", "pid", "user"))',
    refused,
  ],
  [
    "enter the namespaces of process 1",
    'all_of([tried(os.open, "/proc/1/ns/mnt", 0), call("setns", 0, 0)])',
    /^EACCES EPERM$/,
  ],
];

const mounts: readonly ProbeRow[] = [
  ["mount a tmpfs", 'call("mount", b"none", b"/tmp", b"tmpfs", 0, 0)', refused],
  ["mount a second /proc without masks", 'call("mount", b"proc", b"/tmp", b"proc", 0, 0)', refused],
  ["mount a folder elsewhere", 'call("mount", b"/", b"/tmp", 0, 4096, 0)', refused],
  ["make the root writable by a remount", 'call("mount", 0, b"/", 0, 4096 | 32, 0)', refused],
  ["take a mask off", 'call("umount2", b"/proc/kcore", 2)', refused],
  ["move the root", 'call("pivot_root", b"/tmp", b"/tmp")', refused],
  ["change the root", 'call("chroot", b"/tmp")', refused],
  [
    "mount by the newer calls",
    'all_of([call("open_tree", -100, b"/", 1), call("move_mount", -100, b"/", -100, b"/tmp", 0), call("fsopen", b"tmpfs", 0), call("fsmount", 3, 0, 0), call("fspick", -100, b"/", 0), call("mount_setattr", -100, b"/", 0, buffer(32), 32)])',
    refused,
  ],
  [
    "list mounts by the newer calls",
    'all_of([call("statmount", buffer(), buffer(), 4096), call("listmount", buffer(), buffer(), 512)])',
    /^((ENOSYS|EPERM) ?)+$/,
  ],
];

const processes: readonly ProbeRow[] = [
  ["be traced", 'call("ptrace", 0, 0, 0, 0)', refused],
  ["trace the agent", 'call("ptrace", 16, AGENT, 0, 0)', refused],
  ["trace process 1", 'call("ptrace", 0x4206, 1, 0, 0)', refused],
  [
    "read another process's memory by call",
    'call("process_vm_readv", AGENT, buffer(16), 1, buffer(16), 1, 0)',
    refused,
  ],
  [
    "write another process's memory by call",
    'call("process_vm_writev", AGENT, buffer(16), 1, buffer(16), 1, 0)',
    refused,
  ],
  ["take a descriptor of another process", 'call("pidfd_getfd", 0, 0, 0)', refused],
  ["compare kernel objects", 'call("kcmp", 1, AGENT, 0, 0, 0)', refused],
  ["advise another process's memory", 'call("process_madvise", 0, 0, 0, 0, 0)', refused],
];

const newSurface: readonly ProbeRow[] = [
  ["set up an io_uring", 'call("io_uring_setup", 8, buffer(256))', /^ENOSYS$/],
  [
    "enter or register an io_uring",
    'all_of([call("io_uring_enter", 3, 1, 0, 0, 0, 0), call("io_uring_register", 3, 0, 0, 0)])',
    /^ENOSYS$/,
  ],
  ["load a BPF program", 'call("bpf", 5, buffer(256), 72)', refused],
  ["make a BPF map", 'call("bpf", 0, buffer(256), 72)', refused],
  ["watch performance events", 'call("perf_event_open", buffer(128), 0, -1, -1, 0)', refused],
  ["use userfaultfd", 'call("userfaultfd", 0)', refused],
  ["join a keyring", 'call("keyctl", 1, 0, 0, 0, 0)', refused],
  [
    "add or ask for a key",
    'all_of([call("add_key", b"user", b"x", b"y", 1, -3), call("request_key", b"user", b"x", 0, -3)])',
    refused,
  ],
  ["open a file by its handle", 'call("open_by_handle_at", -100, buffer(256), 0)', refused],
  ["get a file's handle", 'call("name_to_handle_at", -100, b"/", buffer(256), buffer(8), 0)', refused],
  [
    "watch a whole file system",
    'all_of([call("fanotify_init", 0, 0), call("fanotify_mark", 3, 1, 1, -100, b"/")])',
    refused,
  ],
  [
    "splice, tee or vmsplice pages",
    'all_of([call("splice", 0, 0, 1, 0, 1, 0), call("tee", 0, 1, 1, 0), call("vmsplice", 1, buffer(16), 1, 0)])',
    /^ENOSYS$/,
  ],
  ["hide memory from the kernel", 'call("memfd_secret", 0)', notThere],
  ["remap pages of a file", 'call("remap_file_pages", 0, 4096, 0, 0, 0)', refused],
  [
    "move pages between memory nodes",
    'all_of([call("mbind", 0, 4096, 0, 0, 0, 0), call("set_mempolicy", 0, 0, 0), call("migrate_pages", AGENT, 0, 0, 0), call("move_pages", AGENT, 0, 0, 0, 0, 0)])',
    refused,
  ],
  [
    "use System V or POSIX message queues",
    'all_of([call("msgget", 0, 0o1600), call("mq_open", b"x", 66, 384, 0)])',
    refused,
  ],
  ["make a call of a later kernel", 'call("a call of a later kernel")', notThere],
  [
    "change its personality",
    'all_of([call("personality", flag) for flag in (0x40000, 0x400000, 8)])',
    refused,
  ],
];

const machine: readonly ProbeRow[] = [
  [
    "load another kernel",
    'all_of([call("kexec_load", 0, 0, 0, 0), call("kexec_file_load", -1, -1, 0, 0, 0)])',
    refused,
  ],
  [
    "load or unload a kernel module",
    'all_of([call("init_module", buffer(), 4096, b""), call("finit_module", 0, b"", 0), call("delete_module", b"overlay", 0)])',
    refused,
  ],
  ["reboot", 'call("reboot", 0xfee1dead, 672274793, 0, 0)', refused],
  [
    "set the clock",
    'all_of([call("settimeofday", buffer(16), 0), call("clock_settime", 0, buffer(16))])',
    refused,
  ],
  [
    "slew the clock",
    'frequency = buffer(256); struct.pack_into("Iq", frequency, 0, 2, 1); all_of([call("adjtimex", frequency), call("clock_adjtime", 0, frequency)])',
    refused,
  ],
  ["read the kernel's log", 'all_of([call("syslog", 3, buffer(), 4096), call("syslog", 10, 0, 0)])', refused],
  ["swap", 'all_of([call("swapon", b"/workspace/x", 0), call("swapoff", b"/workspace/x")])', refused],
  ["switch accounting or quotas", 'all_of([call("acct", 0), call("quotactl", 0x800002, 0, 0, 0)])', refused],
  ["rename the machine", 'all_of([call("sethostname", b"x", 1), call("setdomainname", b"x", 1)])', refused],
  ["hang up a terminal", 'call("vhangup")', refused],
  [
    "use calls that only old kernels had",
    'all_of([call("lookup_dcookie", 0, buffer(), 64), call("nfsservctl", 0, 0, 0)])',
    notThere,
  ],
];

const thirtyTwoBits: readonly ProbeRow[] = [
  [
    "make calls of the 32-bit kernel interface",
    `code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
"" if X86 and ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))() else "not x86"`,
    // SIGSEGV: a kernel that has been told to have no such interface at all.
    /^(killed by SIG(SYS|SEGV)|not x86)$/,
  ],
  [
    "make calls of the x32 kernel interface",
    'call(0x40000000 + 39) if X86 else "not x86"',
    /^(killed by SIGSYS|not x86)$/,
  ],
  [
    "change its segments or use ports",
    'all_of(call(name, 0, 0, 0) for name in ("iopl", "ioperm", "modify_ldt")) if X86 else "EPERM"',
    refused,
  ],
];

/** What the seccomp profile refuses, whatever else would refuse it too. */
export const calls = probeGroup("calls", [
  ...namespaces,
  ...mounts,
  ...processes,
  ...newSurface,
  ...machine,
  ...thirtyTwoBits,
]);
