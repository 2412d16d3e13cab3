import { probeGroup, type ProbeRow } from "../probe.ts";

/** Masked: an empty device or folder in its place, no such file, or no right to open it. */
const nothing = /^(empty|ENOENT|EACCES|EPERM|EIO| )+$/;
const notWritten = /^(EACCES|EROFS|EPERM|ENOENT|ENOTDIR| )+$/;

const reads = (...paths: readonly string[]): string =>
  `all_of(read(path) for path in ${JSON.stringify(paths)})`;
const writes = (...paths: readonly string[]): string =>
  `all_of(write(path) for path in ${JSON.stringify(paths)})`;

const secrets: readonly ProbeRow[] = [
  ["read the kernel's memory", reads("/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port"), nothing],
  ["read the kernel's symbols", reads("/proc/kallsyms"), nothing],
  ["read the kernel's log from a file", reads("/proc/kmsg", "/dev/kmsg"), nothing],
  ["read the keyrings", reads("/proc/keys"), nothing],
  ["read the kernel's modules", reads("/proc/modules"), nothing],
  ["read the modules' parameters and addresses", reads("/sys/module"), nothing],
  ["read the kernel's configuration", reads("/proc/config.gz"), nothing],
  ["read the kernel's command line", reads("/proc/cmdline"), nothing],
  ["read the interrupts, and so other programs' keystrokes", reads("/proc/interrupts"), nothing],
  ["read what timers run on the machine", reads("/proc/timer_list", "/proc/timer_stats"), nothing],
  ["read how the machine is scheduled", reads("/proc/sched_debug", "/proc/latency_stats"), nothing],
  ["read the hardware's tables", reads("/proc/acpi", "/proc/scsi", "/proc/asound", "/sys/firmware"), nothing],
  [
    "read what machine it is",
    'all_of([*(read(path) for path in glob.glob("/sys/class/dmi/id/*")), read("/sys/devices/virtual/dmi")])',
    nothing,
  ],
  [
    "read the machine's power meter, which tells secrets",
    reads("/sys/devices/virtual/powercap", "/sys/class/powercap/intel-rapl"),
    nothing,
  ],
  [
    "read /sys/kernel, where debugging and tracing live",
    reads("/sys/kernel", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/kernel/security"),
    nothing,
  ],
  [
    "read page tables of the machine",
    reads(
      "/proc/kpagecount",
      "/proc/kpageflags",
      "/proc/kpagecgroup",
      "/proc/slabinfo",
      "/proc/vmallocinfo",
      "/proc/pagetypeinfo",
    ),
    nothing,
  ],
  [
    "learn where its pages lie in memory",
    'page = buffer(8192); table = open("/proc/self/pagemap", "rb", buffering=0); table.seek(ctypes.addressof(page) // 4096 * 8); hex(struct.unpack("Q", table.read(8))[0] & (1 << 55) - 1)',
    /^(0x0|raised (EPERM|ENOENT))$/,
  ],
  [
    "reach a masked file by a way round",
    reads("/proc/self/root/proc/kcore", "/proc/thread-self/../../kallsyms", "/proc/self/cwd/../proc/keys"),
    nothing,
  ],
  [
    "read how the host's disks are laid out",
    reads("/proc/fs", "/proc/fs/ext4", "/proc/fs/jbd2", "/proc/fs/xfs", "/proc/fs/nfsd"),
    nothing,
  ],
];

const knobs: readonly ProbeRow[] = [
  [
    "have the host run its program on a crash (core_pattern)",
    'all_of([write("/proc/sys/kernel/core_pattern", "|/workspace/x")])',
    notWritten,
  ],
  [
    "have the host run its program for a module (modprobe)",
    'all_of([write("/proc/sys/kernel/modprobe", "/workspace/x")])',
    notWritten,
  ],
  [
    "have the host run its program for a device (uevent_helper)",
    writes("/sys/kernel/uevent_helper"),
    notWritten,
  ],
  [
    "have the host run its program for a format (binfmt_misc)",
    writes("/proc/sys/fs/binfmt_misc/register"),
    notWritten,
  ],
  [
    "press the magic key (sysrq)",
    'all_of([write("/proc/sysrq-trigger", "h"), write("/proc/sys/kernel/sysrq")])',
    notWritten,
  ],
  [
    "set any of the kernel's knobs",
    `def writable(folder):
  return [path for path in glob.glob(folder + "/**", recursive=True) if os.path.isfile(path) and write(path) == "written"]
all_of(path for folder in ("kernel", "vm", "fs", "user", "dev", "abi", "debug") for path in writable("/proc/sys/" + folder))`,
    /^nothing$/,
  ],
  [
    "have /proc/sys, /proc/irq or /proc/bus writable",
    `paths = [path for path in ("/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/sysrq-trigger") if os.path.exists(path)]
files = [*paths, *[f"{folder}/{name}" for path in paths for folder, _, names in os.walk(path) for name in names]]
mounts = all_of("ro" if ",ro," in mount_at(path).replace(" ", ",") else "not ro" for path in paths)
mounts + " " + all_of(path for path in files if os.path.isfile(path) and write(path) == "written")`,
    /^ro nothing$/,
  ],
  [
    "have /sys writable",
    'mount_at("/sys").split()[1].split(",")[0] + " " + all_of(write(path) for path in ("/sys/power/state", "/sys/class/net/lo/mtu", "/sys/block/vda/uevent"))',
    /^ro (EACCES|EROFS|ENOENT| )+$/,
  ],
  [
    "move the machine's interrupts",
    'all_of(write(path) for path in glob.glob("/proc/irq/*/smp_affinity")[:3] + ["/proc/irq/default_smp_affinity"])',
    notWritten,
  ],
  [
    "write to the buses",
    'all_of(write(path) for path in (glob.glob("/proc/bus/pci/*/*") + ["/proc/bus/input/devices", "/proc/mtrr"])[:5])',
    notWritten,
  ],
];

const cgroups: readonly ProbeRow[] = [
  [
    "raise its bounds",
    'all_of(write(path, "1000000") for path in glob.glob("/sys/fs/cgroup/**/*max*", recursive=True) + glob.glob("/sys/fs/cgroup/**/*limit_in_bytes", recursive=True) + glob.glob("/sys/fs/cgroup/cpu*/cpu.cfs_quota_us"))',
    /^(EACCES|EROFS|EPERM|ENOENT|nothing| )+$/,
  ],
  [
    "have its program run when a cgroup empties (release_agent)",
    'all_of(write(path, "/workspace/x") for path in glob.glob("/sys/fs/cgroup/**/release_agent", recursive=True) + glob.glob("/sys/fs/cgroup/**/notify_on_release", recursive=True))',
    /^(EACCES|EROFS|EPERM|ENOENT|nothing| )+$/,
  ],
  [
    "leave its cgroup, or make another",
    'all_of([*(write(path, "1") for path in glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True)), *(tried(os.mkdir, path + "/x") for path in glob.glob("/sys/fs/cgroup/*") if os.path.isdir(path))])',
    /^(EACCES|EROFS|EPERM|ENOENT|nothing| )+$/,
  ],
  [
    "allow itself devices, or thaw itself",
    'all_of(write(path, "a *:* rwm") for path in glob.glob("/sys/fs/cgroup/**/devices.allow", recursive=True) + [path for path in glob.glob("/sys/fs/cgroup/**/*freez*", recursive=True) if os.path.isfile(path)])',
    /^(EACCES|EROFS|EPERM|ENOENT|nothing| )+$/,
  ],
  [
    "see where its cgroup lies on the host",
    'read("/proc/self/cgroup", 4000)',
    /^(?![^]*(docker|longshore|containerd|[0-9a-f]{64}))/,
  ],
  [
    "see the host's other mounts",
    'all_of(line.split()[4] for line in open("/proc/self/mountinfo") if line.split()[4].startswith(("/host", "/mnt", "/var/lib", "/run", "/home", "/root")))',
    /^nothing$/,
  ],
];

/** What /proc and /sys would tell or do. */
export const kernelFiles = probeGroup("kernel files", [...secrets, ...knobs, ...cgroups]);
