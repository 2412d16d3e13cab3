import { sandboxUlimits } from "../../../apps/worker/src/sandbox/docker/container-spec.ts";
import { compileProgram } from "./compile-program.ts";
import { hostConfig, type Mutation } from "./mutation.ts";

const ofProgram = (
  program: "init" | "launcher",
  [name, where, edit]: readonly [name: string, where: string, edit: string],
  ...noticedBy: readonly string[]
): Mutation => ({ name, where, noticedBy, image: compileProgram(program, edit) });

/** What holds under gVisor alone what Linux, or the engine, holds by itself elsewhere; taken away in a run under it. */
export const gvisorMutations: readonly Mutation[] = [
  ofProgram(
    "launcher",
    [
      "the engine's filter of system calls, once more",
      "`step-filter.c`",
      "s/define REFUSED .*/define REFUSED SECCOMP_RET_ALLOW/; s/JUDGED : profile\\[i\\].action/SECCOMP_RET_ALLOW : SECCOMP_RET_ALLOW/",
    ],
    "make a user namespace",
    "make a mount namespace",
    "clone into a user namespace",
    "be traced",
    "set up an io_uring",
    "splice, tee or vmsplice pages",
    "move pages between memory nodes",
    "use System V or POSIX message queues",
    "read the kernel's log",
    "speak any other netlink",
    "open a ping socket",
  ),
  ofProgram(
    "launcher",
    ["no turn before others", "`step-rules.c`", "/below 0: before others/d"],
    "go before others (nice, real time)",
  ),
  ofProgram("launcher", ["no devices of a Step's own", "`step-rules.c`", "/{SYS_mknod/d"], "make a device"),
  ofProgram(
    "launcher",
    ["no marks on packets", "`step-rules.c`", "/{SYS_setsockopt,/d"],
    "mark packets or forge their source",
  ),
  ofProgram(
    "launcher",
    ["Steps cannot signal process 1", "`restrict.c`", "/process 1 \\*\\//d"],
    "end process 1",
  ),
  ofProgram(
    "init",
    ["nothing is open in process 1", "`starter.c`", "/file < BEYOND_ALL/d"],
    "write to the stdout of process 1, and so forge a frame",
    "list the descriptors of process 1",
  ),
  hostConfig(
    "the bound of nproc",
    { Ulimits: sandboxUlimits.map((each) => ({ ...each })) },
    "start processes without end",
    "start threads without end",
  ),
];
