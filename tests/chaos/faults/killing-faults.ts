/**
 * Kinds that end a process or a container by SIGKILL each time. Each time counts as one kill, also where it ends several
 * at once, or one twice.
 */
export const killingFaults: ReadonlySet<string> = new Set([
  ...["worker-kill", "worker-kill-all", "worker-kill-twice", "worker-clock"],
  ...["worker-kill-before-create", "worker-kill-before-start", "worker-kill-after-start"],
  ...["worker-kill-before-outputs", "worker-kill-before-remove", "worker-kill-lease-taken"],
  ...["worker-kill-end-settled", "worker-kill-archive-half", "worker-kill-archive-stored"],
  ...["api-kill", "api-kill-on-insert", "redis-kill", "redis-kill-empty", "postgres-kill"],
  ...["container-killed", "container-removed"],
]);
