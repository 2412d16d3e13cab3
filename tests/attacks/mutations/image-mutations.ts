import { compileProgram } from "./compile-program.ts";
import type { Mutation } from "./mutation.ts";

const launcher = (name: string, edit: string, ...noticedBy: readonly string[]): Mutation => ({
  name,
  where: "`restrict.c`, `step-rules.c`",
  noticedBy,
  image: compileProgram("launcher", edit),
});

/** The image and its programs with one defence taken away. */
export const imageMutations: readonly Mutation[] = [
  {
    name: "process 1 hides itself",
    where: "`init.c`: 0711, PR_SET_DUMPABLE",
    noticedBy: [
      "open the memory of process 1",
      "list the descriptors of process 1",
      "write to the stdout of process 1, and so forge a frame",
      "read the environment of process 1",
    ],
    image: compileProgram("init", "/PR_SET_DUMPABLE/d"),
  },
  {
    name: "the agent's process cannot be read",
    where: "`Dockerfile`: 0711, `shut.c`",
    noticedBy: [
      "open the memory of the agent",
      "list the descriptors of the agent",
      "write to the stdout of the agent, and so forge a frame",
      "read the environment of the agent",
    ],
    // Each of the two is enough: the program's mode, and what the agent does by itself and holds itself to.
    image: [
      "RUN chmod 0755 /usr/local/bin/node",
      "RUN sed -i 's/process\\.dlopen(/(()=>{})(/; s/\\.uid!==0)throw/.uid===-1)throw/' /opt/longshore/agent.cjs && ! grep -q 'process\\.dlopen' /opt/longshore/agent.cjs && grep -q 'uid===-1)throw' /opt/longshore/agent.cjs",
    ],
  },
  {
    name: "the relay's program cannot be read",
    where: "`Dockerfile`: 0711",
    noticedBy: ["read the programs of process 1, the agent or the relay"],
    image: ["RUN chmod 0755 /opt/longshore/relay"],
  },
  launcher("Steps cannot signal the agent", "/PR_SET_SECCOMP/d", "kill or stop the agent"),
  launcher(
    "Steps cannot reach process 1, from which later Steps come",
    "/process 1 \\*\\//d",
    "starve process 1, from which later Steps come, by its limits or its turn",
    "send process 1 any signal",
  ),
  launcher("Steps cannot kill everybody", "/everybody, the agent too/d", "kill everybody at once"),
  launcher(
    "Steps cannot queue a signal to the agent",
    "/{SYS_rt_sigqueueinfo,/d",
    "queue a signal to the agent",
  ),
  launcher(
    "high bits of a pid are ignored",
    "s/offsetof(struct seccomp_data, args) + 8 \\* index/offsetof(struct seccomp_data, args) + 8 * index + 4/",
    "kill the agent by a high bit in its pid",
  ),
  launcher(
    "Steps cannot signal as a file's owner",
    "/{SYS_fcntl,/d; /{SYS_ioctl,/d",
    "signal the agent as the owner of a file",
  ),
  launcher("Steps cannot signal by a descriptor", "/{SYS_pidfd_open,/d", "signal the agent by a descriptor"),
  launcher(
    "Steps are taken first when memory runs out",
    "s/^  volunteer_for_oom_killer();//",
    "be spared before the agent, or the agent before the service, when memory runs out",
  ),
  launcher(
    "Steps have a session and a group of their own",
    "s/^  leave_session(agent.group);//",
    "be in the agent's session or group",
  ),
  {
    name: "what a Step leaves is killed",
    where: "`kill-all.ts`",
    noticedBy: [
      "leave a program in the background",
      "leave a daemon in a session of its own",
      "leave a daemon that was forked twice",
      "leave a program that ignores signals",
      "leave a port open",
    ],
    image: [`RUN sed -i 's/process.kill(-1,"SIGKILL")/(()=>{throw 0})()/' /opt/longshore/agent.cjs`],
  },
  {
    name: "the agent's owner shows a token",
    where: "`ownership.ts`",
    noticedBy: ["own the agent by a guessed token"],
    image: [
      "RUN sed -i 's/,[A-Za-z0-9_$]*\\.timingSafeEqual)(/,(()=>true))(/' /opt/longshore/agent.cjs && grep -q '(()=>true))(' /opt/longshore/agent.cjs",
    ],
  },
  {
    name: "no program gives another's rights",
    where: "`prepare-root.sh`",
    noticedBy: ["find a program with another's rights"],
    image: ["RUN cp /usr/bin/id /usr/bin/rid && chmod 4755 /usr/bin/rid"],
  },
  {
    name: "folders of the PATH are root's alone",
    where: "`Dockerfile`",
    noticedBy: ["write to a folder of the PATH"],
    image: ["RUN chmod 0777 /usr/local/bin"],
  },
];
