import { probeGroup, type ProbeRow } from "../probe.ts";

/** What an earlier Step starts so that it outlives its end, each under a name that is looked for. */
const before = [
  // What holds the Step's output open would be waited for.
  `exec > /dev/null 2>&1
(exec -a leftover-plain sleep 300) &
nohup bash -c 'exec -a leftover-nohup sleep 300' > /dev/null 2>&1 & disown
setsid -f bash -c 'exec -a leftover-setsid sleep 300'
( ( setsid bash -c 'exec -a leftover-double sleep 300' & ) & )
set -m; (exec -a leftover-group sleep 300) & set +m
setsid -f bash -c 'trap "" TERM HUP INT QUIT USR1; while :; do sleep 1; done' leftover-deaf
bash -c '(exec -a leftover-halted sleep 300) & kill -STOP $!'
setsid -f python3 -c 'import os
while True:
  if os.fork(): os._exit(0)
  os.setsid()' leftover-forks
setsid -f python3 -c 'import socket, time
server = socket.socket(); server.bind(("127.0.0.1", 4242)); server.listen(); open("/tmp/listens", "w").close(); time.sleep(300)'
until test -e /tmp/listens; do sleep 0.05; done`,
  'echo "a file stays" > /workspace/kept',
];

const gone = /^0$/;
const named = (name: string): string =>
  `len([1 for pid in os.listdir("/proc") if pid.isdigit() and "leftover-${name}" in read(f"/proc/{pid}/cmdline")])`;

const rows: readonly ProbeRow[] = [
  ["leave a program in the background", named("plain"), gone],
  ["leave a program that ignores the hang-up", named("nohup"), gone],
  ["leave a daemon in a session of its own", named("setsid"), gone],
  ["leave a daemon that was forked twice", named("double"), gone],
  ["leave a program in a group of its own", named("group"), gone],
  ["leave a program that ignores signals", named("deaf"), gone],
  ["leave a program that is halted", named("halted"), gone],
  ["leave a program that is never the same process for long", named("forks"), gone],
  ["leave a port open", 'connects(socket.AF_INET, ("127.0.0.1", 4242))', /^ECONNREFUSED$/],
  [
    "leave a zombie",
    'all_of(pid for pid in os.listdir("/proc") if pid.isdigit() and status_of("State", pid).startswith("Z"))',
    /^nothing$/,
  ],
  [
    "leave anything that runs but init and the agent",
    'all_of(sorted(pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, AGENT, os.getpid(), os.getppid())))',
    /^nothing$/,
  ],
  ["lose the Job's own files between its Steps", 'read("/workspace/kept")', /^a file stays$/],
];

/** What one Step leaves running for the next. */
export const leftovers = probeGroup("leftovers", rows, before);
