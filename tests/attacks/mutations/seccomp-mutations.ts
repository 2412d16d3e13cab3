import { readFileSync } from "node:fs";
import { compileProgram } from "./compile-program.ts";
import type { Mutation } from "./mutation.ts";

const profileFile = new URL("../../../apps/worker/src/sandbox/docker/seccomp-profile.json", import.meta.url);
// safety: the project's own file; what is in it is only handed on.
const profile = JSON.parse(readFileSync(profileFile, "utf8")) as { readonly syscalls: readonly object[] };
const nnp = "no-new-privileges:true";

const withSecurity = (
  name: string,
  options: readonly string[],
  ...noticedBy: readonly string[]
): Mutation => ({
  name,
  where: "`container-spec.ts`: SecurityOpt",
  noticedBy,
  body: (body) => ({ ...body, HostConfig: { ...body.HostConfig, SecurityOpt: [...options] } }),
});

/** The launcher holds Steps by the same profile, and is enough: what is taken from the engine's is taken from its own. */
const alsoInLauncher = (mutation: Mutation, edit?: string): Mutation => ({
  ...mutation,
  image: compileProgram("launcher", edit),
});

/** The profile with some calls allowed whatever their arguments. */
const allowing = (what: string, names: readonly string[], ...noticedBy: readonly string[]): Mutation => {
  const syscalls = [
    ...profile.syscalls.map((rule) => withoutNames(rule, names)),
    { names, action: "SCMP_ACT_ALLOW" },
  ];
  const own = JSON.stringify({ ...profile, syscalls: syscalls.filter(hasNames) });
  return {
    ...alsoInLauncher(withSecurity(`no ${what}`, [nnp, `seccomp=${own}`], ...noticedBy)),
    where: "`seccomp-profile.json`",
    profile: own,
  };
};

function withoutNames(rule: object, names: readonly string[]): object {
  const own = "names" in rule && Array.isArray(rule.names) ? rule.names.map(String) : [];
  return { ...rule, names: own.filter((name) => !names.includes(name)) };
}

function hasNames(rule: object): boolean {
  return "names" in rule && Array.isArray(rule.names) && rule.names.length > 0;
}

/** The filter of system calls taken away, or one of its holes opened. */
export const seccompMutations: readonly Mutation[] = [
  alsoInLauncher(
    withSecurity(
      "a filter of system calls",
      [nnp, "seccomp=unconfined"],
      "make a user namespace",
      "open any family that the kernel may load a module for",
      "change its personality",
    ),
    "/PR_SET_SECCOMP/d",
  ),
  alsoInLauncher(
    withSecurity(
      "our own filter, not the engine's",
      [nnp],
      "set up an io_uring",
      "speak to the hypervisor (AF_VSOCK)",
      "splice, tee or vmsplice pages",
      "use System V or POSIX message queues",
    ),
    "/PR_SET_SECCOMP/d",
  ),
  withSecurity(
    "no new privileges",
    [`seccomp=${JSON.stringify(profile)}`],
    "gain rights by a program that it starts",
  ),
  allowing("namespaces", ["unshare"], "make a user namespace"),
  allowing("cloning into namespaces", ["clone"], "clone into a user namespace"),
  allowing("clone3, whose flags no filter sees", ["clone3"], "clone by a call whose flags no filter sees"),
  allowing(
    "io_uring",
    ["io_uring_setup", "io_uring_enter", "io_uring_register"],
    "set up an io_uring",
    "enter or register an io_uring",
  ),
  allowing(
    "sockets of other families",
    ["socket"],
    "speak to the hypervisor (AF_VSOCK)",
    "change the firewall (netfilter)",
    "speak any other netlink",
    "open any family that the kernel may load a module for",
  ),
  allowing("tracing", ["ptrace", "process_vm_readv", "process_vm_writev"], "be traced"),
  allowing("keyrings", ["keyctl", "add_key", "request_key"], "join a keyring", "add or ask for a key"),
  allowing("splicing of pages", ["splice", "tee", "vmsplice"], "splice, tee or vmsplice pages"),
  allowing("other personalities", ["personality"], "change its personality"),
  allowing("message queues", ["msgget", "mq_open"], "use System V or POSIX message queues"),
  allowing("handles of files", ["name_to_handle_at"], "get a file's handle"),
  allowing("watching of file systems", ["fanotify_init", "fanotify_mark"], "watch a whole file system"),
];
