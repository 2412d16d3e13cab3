import { newJobId } from "@longshore/shared/domain/job-id";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSteps, type StepsRun } from "../run-steps.testkit.ts";
import type { Sandbox } from "../sandbox-provider.ts";
import { createDockerProvider } from "./create-docker-provider.ts";
import { dockerDeps, removeLeftovers } from "./docker-provider.testkit.ts";

/** A system call by its number, which must fail; numbers are those of x86-64. */
function refusedCall(number: number, ...args: readonly string[]): string {
  const call = ["libc.syscall", `(${[String(number), ...args].join(", ")})`].join("");
  return python(`assert ${call} == -1`);
}

/** By base64, so that it may stand anywhere in a command. */
function python(code: string): string {
  const program = `import ctypes, os, resource, socket\nlibc = ctypes.CDLL(None, use_errno=True)\n${code}\n`;
  return `python3 -c "$(echo ${Buffer.from(program).toString("base64")} | base64 -d)"`;
}

const refusedSocket = (family: number, kind: number, protocol: number): string =>
  python(
    `try:\n  socket.socket(${String(family)}, ${String(kind)}, ${String(protocol)})\nexcept OSError: pass\nelse: raise SystemExit(1)`,
  );

const unreachable = (kind: string, address: string): string =>
  python(
    `s = socket.socket(socket.AF_INET, socket.${kind}); s.settimeout(2)\ntry:\n  s.connect(("${address}", 53)); s.send(b"x")\nexcept OSError as e: assert e.errno == 101, e\nelse: raise SystemExit(1)`,
  );

const bounded = (count: number, open: string): string =>
  python(
    `held = []\ntry:\n  while len(held) < ${String(count)}: held.append(${open})\nexcept OSError: pass\nelse: raise SystemExit(1)`,
  );

/** Each must exit 0, which says that the Sandbox held. $PPID is the agent. */
const probes: readonly [string, string][] = [
  ["open the memory of process 1", "! (exec 3</proc/1/mem) && ! (exec 3>/proc/1/mem)"],
  ["list the descriptors of process 1", "! ls /proc/1/fd/"],
  ["write to the stdout of process 1", "! (exec 3>/proc/1/fd/1)"],
  ["read the environment of process 1", "! cat /proc/1/environ"],
  ["open the memory of the agent", "! (exec 3</proc/$PPID/mem)"],
  ["list the descriptors of the agent", "! ls /proc/$PPID/fd/"],
  ["read the binary of init or agent", "! cat /opt/longshore/init && ! cat /opt/longshore/agentd"],
  ["stop or kill the agent", "! kill -STOP $PPID && ! kill -KILL $PPID && ! kill -KILL -- -1"],
  ["lower its own oom_score_adj below the service's", "! (echo -1 > /proc/self/oom_score_adj)"],
  ["make a user namespace", refusedCall(272, "0x10000000")],
  [
    "make a mount or network namespace",
    `${refusedCall(272, "0x20000")} && ${refusedCall(272, "0x40000000")}`,
  ],
  ["enter a namespace", refusedCall(308, 'os.open("/proc/self/ns/net", 0)', "0")],
  ["mount", refusedCall(165, 'b"none"', 'b"/tmp"', 'b"tmpfs"', "0", "0")],
  ["trace a process", refusedCall(101, "0", "0", "0", "0")],
  ["read another process's memory by call", refusedCall(310, "os.getppid()", "0", "0", "0", "0", "0")],
  ["take a descriptor of another process", refusedCall(438, "0", "0", "0")],
  ["set up an io_uring", refusedCall(425, "8", "ctypes.create_string_buffer(256)")],
  ["load a BPF program", refusedCall(321, "0", "ctypes.create_string_buffer(256)", "72")],
  ["watch performance events", refusedCall(298, "ctypes.create_string_buffer(128)", "0", "-1", "-1", "0")],
  ["use userfaultfd", refusedCall(323, "0")],
  ["use the kernel's keyrings", refusedCall(250, "0", "-3", "0", "0", "0")],
  ["open by a handle", refusedCall(304, "-100", "ctypes.create_string_buffer(256)", "0")],
  ["splice", refusedCall(275, "0", "0", "1", "0", "1", "0")],
  ["open a vsock", refusedSocket(40, 1, 0)],
  ["open the kernel's crypto", refusedSocket(38, 5, 0)],
  ["open netlink but for routes", refusedSocket(16, 3, 12)],
  ["open a packet socket", refusedSocket(17, 3, 0)],
  ["open a raw socket", refusedSocket(2, 3, 1)],
  ["open SCTP or MPTCP", `${refusedSocket(2, 1, 132)} && ${refusedSocket(2, 1, 262)}`],
  ["reach the network by TCP", unreachable("SOCK_STREAM", "1.1.1.1")],
  ["reach the network by UDP", unreachable("SOCK_DGRAM", "8.8.8.8")],
  ["reach the host's metadata address", unreachable("SOCK_STREAM", "169.254.169.254")],
  ["resolve a name", "! timeout 5 python3 -c 'import socket; socket.getaddrinfo(\"example.com\", 80)'"],
  ["see what machine it is on", '! cat /sys/class/dmi/id/product_name && test -z "$(cat /proc/cmdline)"'],
  [
    "see the kernel's modules, keys or memory",
    'test -z "$(cat /proc/modules /proc/keys /proc/kcore /proc/kallsyms 2>/dev/null | head -c 1)"',
  ],
  ["write to the root file system", "! touch /probe && ! touch /etc/probe && ! touch /opt/longshore/probe"],
  ["write to /proc/sys", "! (echo x > /proc/sys/kernel/core_pattern) && ! (echo h > /proc/sysrq-trigger)"],
  [
    "raise its own limits in the cgroup",
    "! (echo 100000 > /sys/fs/cgroup/pids/pids.max) && ! (echo max > /sys/fs/cgroup/pids.max)",
  ],
  ["make a device", "! mknod /workspace/device c 1 3"],
  ["find a block device", 'test -z "$(find /dev -type b)"'],
  ["find a setuid program", 'test -z "$(find / -xdev -perm /6000 -type f 2>/dev/null)"'],
  ["become root", python("try:\n  os.setuid(0)\nexcept OSError: pass\nelse: raise SystemExit(1)")],
  ["find the engine's socket", "! test -e /var/run/docker.sock && ! test -e /run/docker.sock"],
  ["learn its own id on the host", "! grep -q docker /proc/self/cgroup && test $(hostname) = sandbox"],
  [
    "raise a hard limit",
    python(
      "try:\n  resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))\nexcept (ValueError, OSError): pass\nelse: raise SystemExit(1)",
    ),
  ],
  ["open files without end", bounded(5_000, 'open("/dev/null")')],
  [
    "start processes without end",
    `${bounded(200, 'os.fork() or __import__("time").sleep(5) or os._exit(0)')}; pkill -9 python3; true`,
  ],
  ["fill the disk beyond its bound", "! head -c 40M /dev/zero > /workspace/x; rm /workspace/x"],
  [
    "make files without end",
    `${bounded(40_000, 'open(f"/workspace/i{len(held)}", "w").close()')}; status=$?; find /workspace -name 'i*' -delete; exit $status`,
  ],
];

describe("a Step in a Docker Sandbox cannot", { timeout: 120_000 }, () => {
  let sandbox: Sandbox;
  let run: StepsRun;

  beforeAll(async () => {
    const provider = createDockerProvider(await dockerDeps(new Docker()));
    const limits = { cpus: 2, memory_mb: 128, pids: 64, disk_mb: 32 };
    const started = await provider.start(
      { jobId: newJobId(), attempt: 1, limits },
      AbortSignal.timeout(30_000),
    );
    if (!started.ok) throw new Error(started.failure.message);
    sandbox = started.value;
    run = await runSteps(
      sandbox,
      probes.map(([, command]) => command),
    );
  }, 120_000);

  afterAll(removeLeftovers);

  it.each(probes.map(([what], index) => [what, index] as const))("%s", (_, index) => {
    const printed = run.events.flatMap((event) =>
      event.type === "lines" && event.index === index + 1 ? event.lines : [],
    );
    expect({ exitCode: run.exitCodes[index], printed }).toMatchObject({ exitCode: 0 });
  });
});
