import { isGvisor } from "../attacked-runtime.ts";
import { probeGroup, type ProbeRow } from "../probe.ts";

/**
 * The bounds of the Sandbox under attack: 64 MiB of memory beside what the recipe adds, 48 processes, 24 MiB of disk, one
 * processor. A process costs some 8 MiB of gVisor's own: with less than 512 it is the memory that is used up first there.
 */
export const attackedLimits = { cpus: 1, memory_mb: isGvisor ? 512 : 64, pids: 48, disk_mb: 24 } as const;

const filled = (path: string, most: number): string => `written, block = 0, bytes(1 << 20)
with open("${path}", "wb", buffering=0) as file:
  try:
    while written < ${String(most)} << 20: written += file.write(block)
  except OSError as error: ended = name_of(error.errno)
  else: ended = "and more"
os.remove("${path}")
f"{written >> 20} {ended}"`;

const manyFiles = (folder: string, most: number): string => `made = 0
try:
  for made in range(${String(most)}): os.close(os.open(f"${folder}/f{made}", os.O_CREAT))
except OSError as error: ended = name_of(error.errno)
else: ended = "and more"
for number in range(made): os.remove(f"${folder}/f{number}")
f"{made} {ended}"`;

/** By what the kernel counts: four that are always busy get no more time than one processor gives. */
const moreTime = `def burn():
  while True: pass
children = []
for _ in range(4):
  child = os.fork()
  if child == 0: burn()
  children.append(child)
began = time.monotonic(); time.sleep(1); wall = time.monotonic() - began
for child in children: os.kill(child, 9)
used = sum(sum(os.wait3(0)[2][:2]) for _ in children)
used <= 1.25 * wall + 0.1 or f"{used:.2f} s of {wall:.2f} s"`;

/** By what is done: gVisor counts the time that a process waits for a processor as used. One alone is measured while the machine is at its best. */
const moreWork = `def rounds(workers):
  done = mmap.mmap(-1, 4096)
  def burn(at):
    while True:
      for _ in range(1000): pass
      struct.pack_into("Q", done, 8 * at, struct.unpack_from("Q", done, 8 * at)[0] + 1)
  children = []
  for at in range(workers):
    child = os.fork()
    if child == 0: burn(at)
    children.append(child)
  began = time.monotonic(); time.sleep(1); wall = time.monotonic() - began
  for child in children: os.kill(child, 9)
  for child in children: os.waitpid(child, 0)
  return sum(struct.unpack_from("4Q", done)) / wall
alone, together = [], []
for _ in range(3): alone.append(rounds(1)); together.append(rounds(4))
min(together) <= 1.25 * max(alone) or f"{min(together):.0f} a second, {max(alone):.0f} alone"`;

const held: readonly ProbeRow[] = [
  [
    "be without a bound of its cgroup",
    `def bound(*paths):
  return next((read(path) for path in paths if os.path.exists(path)), "none")
" ".join([bound("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"), bound("/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids.max"), bound("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu.max"), bound("/sys/fs/cgroup/cpu/cpu.shares", "/sys/fs/cgroup/cpu.weight")])`,
    /^293601280 64 100000( 100000)? (256|10)$/,
  ],
  [
    "open files without end",
    'resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096)); as_long_as_possible(lambda _: os.open("/dev/null", 0), 6000)',
    /^40\d\d EMFILE$/,
  ],
  ["fill the workspace beyond its bound", filled("/workspace/fill", 200), /^2[0-4] ENOSPC$/],
  ["fill /tmp beyond its bound", filled("/tmp/fill", 200), /^6[0-4] ENOSPC$/],
  [
    "fill the workspace beyond its bound by a file with holes",
    `written, file = 0, os.open("/workspace/holes", os.O_CREAT | os.O_RDWR)
os.ftruncate(file, 1 << 50)
reserved = tried(os.posix_fallocate, file, 0, 1 << 40)
try:
  while written < 40_000: os.pwrite(file, b"x", written << 20); written += 1
except OSError as error: ended = name_of(error.errno)
else: ended = "and more"
os.remove("/workspace/holes")
f"{reserved} {written} {ended}"`,
    /^ENOSPC [56]\d{3} ENOSPC$/,
  ],
  ["make files in the workspace without end", manyFiles("/workspace", 40_000), /^1\d{4} ENOSPC$/],
  ["make files in /tmp without end", manyFiles("/tmp", 20_000), /^8\d{3} ENOSPC$/],
  [
    "fill the disk by names",
    `made = 0
try:
  for made in range(40000): os.symlink("x" * 4000, f"/tmp/s{made}")
except OSError as error: ended = name_of(error.errno)
else: ended = "and more"
for number in range(made): os.remove(f"/tmp/s{number}")
ended`,
    /^ENOSPC$/,
  ],
  [
    "make timers without end",
    "as_long_as_possible(lambda _: None if call('timer_create', 1, 0, buffer(8)).startswith('ok') else os.open('/no/timer', 0), 2000)",
    /^2\d\d ENOENT$/,
  ],
  [
    "lock memory without end",
    'page = mmap.mmap(-1, 1 << 20); call("mlock", ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page))), 1 << 20)',
    /^(ENOMEM|EPERM|EAGAIN)$/,
  ],
  [
    "dump core where the host takes it",
    `child = os.fork()
if child == 0:
  os.chdir("/workspace"); os.kill(os.getpid(), signal.SIGSEGV)
os.waitpid(child, 0)
all_of(glob.glob("/workspace/*core*") + glob.glob("/tmp/*core*"))`,
    /^nothing$/,
  ],
  ["use more of the processors than it may", isGvisor ? moreWork : moreTime, /^True$/],
  [
    "start processes without end",
    `children = []
try:
  for _ in range(400):
    child = os.fork()
    if child == 0: time.sleep(30); os._exit(0)
    children.append(child)
except OSError as error: ended = name_of(error.errno)
else: ended = "and more"
for child in children: os.kill(child, 9)
for child in children: os.waitpid(child, 0)
f"{len(children)} {ended}"`,
    /^[345]\d EAGAIN$/,
  ],
  [
    "start threads without end",
    `go = threading.Event()
def begin():
  thread = threading.Thread(target=go.wait, daemon=True); thread.start()
count = 0
threading.stack_size(65536)
try:
  for count in range(400): begin()
except RuntimeError: ended = "refused"
else: ended = "and more"
go.set()
f"{count} {ended}"`,
    /^[345]\d refused$/,
  ],
  [
    "hold memory without end",
    `child = os.fork()
if child == 0:
  held = []
  for _ in range(1000): held.append(bytearray(b"x" * (1 << 20)))
  os._exit(0)
_, status = os.waitpid(child, 0)
signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else status`,
    /^SIGKILL$/,
  ],
  [
    "hold memory in /dev/shm without end",
    `child = os.fork()
if child == 0:
  try:
    with open("/dev/shm/fill", "wb", buffering=0) as file:
      for _ in range(2000): file.write(bytes(1 << 20))
  except OSError as error: os._exit(error.errno)
  os._exit(0)
_, status = os.waitpid(child, 0)
size = os.path.getsize("/dev/shm/fill") >> 20; os.remove("/dev/shm/fill")
size <= 64 or size`,
    /^True$/,
  ],
  [
    "hold memory in pipes without end",
    `child = os.fork()
if child == 0:
  ends = []
  try:
    while True:
      ends.append(os.pipe()); os.set_blocking(ends[-1][1], False); os.write(ends[-1][1], bytes(65536))
  except OSError as error: os._exit(error.errno)
_, status = os.waitpid(child, 0)
"SIGKILL" if os.WIFSIGNALED(status) else name_of(os.WEXITSTATUS(status))`,
    /^(EMFILE|ENFILE|EAGAIN|SIGKILL)$/,
  ],
  ["end the Sandbox by all of that", 'status_of("State", AGENT)[0] in "SR"', /^True$/],
];

/** What a Step may use: it comes to an end, and the agent lives on. */
export const limits = probeGroup("limits", held);
