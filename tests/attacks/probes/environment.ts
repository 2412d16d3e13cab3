import { probeGroup, type ProbeRow } from "../probe.ts";

/** What a Step is told: by the recipe, by the image, by the agent. */
const allowed = [
  ...["PATH", "HOME", "LANG", "HOSTNAME", "LONGSHORE_JOB_ID", "LONGSHORE_ATTEMPT", "LONGSHORE_STEP"],
  ...["PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_NO_CACHE_DIR"],
  ...["PIP_DISABLE_PIP_VERSION_CHECK", "MPLBACKEND", "OPENBLAS_NUM_THREADS", "LC_CTYPE", "PYTHONPATH"],
];

const rows: readonly ProbeRow[] = [
  [
    "see a variable of the worker's",
    `all_of(name for name in os.environ if name not in ${JSON.stringify(allowed)})`,
    /^nothing$/,
  ],
  [
    "find the worker's canary in any environment",
    `found = []
for path in glob.glob("/proc/[0-9]*/environ"):
  try:
    if CANARY.encode() in open(path, "rb").read(): found.append(path)
  except OSError: pass
all_of(found)`,
    /^nothing$/,
  ],
  [
    "find the worker's canary in any command line",
    'all_of(path for path in glob.glob("/proc/[0-9]*/cmdline") if CANARY.encode() in open(path, "rb").read())',
    /^nothing$/,
  ],
  [
    "find the worker's canary in a file",
    'sh(f"grep -rslF --exclude-dir=longshore -e {CANARY} /etc /opt /workspace /tmp /dev/shm /usr/local /var/lib/dpkg/info 2>/dev/null | head -3")',
    /^[0-9]+$/,
  ],
  [
    "see a process of another Sandbox or of the host",
    'all_of(sorted({read(f"/proc/{pid}/comm") for pid in os.listdir("/proc") if pid.isdigit()} - {"python3"}))',
    /^(init|agentd|node|MainThread|ENOENT| )+$/,
  ],
  [
    "see a process that is not its own, by count",
    'len([pid for pid in os.listdir("/proc") if pid.isdigit()]) < 8',
    /^True$/,
  ],
  [
    "tell a clock or a uid apart that names the host",
    'all_of([tried(os.stat, "/etc/machine-id") if not os.path.exists("/etc/machine-id") else read("/etc/machine-id"), read("/sys/class/dmi/id/product_uuid")])',
    /^(ENOENT|EACCES|empty| )+$/,
  ],
  [
    "share a namespace with the host",
    'all_of(name for name in HOST_NAMESPACES if tried(os.readlink, f"/proc/self/ns/{name}") == "done" and os.readlink(f"/proc/self/ns/{name}") == HOST_NAMESPACES[name])',
    /^nothing$/,
  ],
];

/** What a Step can learn of the worker and of others. */
export const environment = probeGroup("environment", rows);
