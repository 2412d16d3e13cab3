/** What a check after the start may expect to see inside, and what a runtime itself uses, by the runtime's name. */
export interface RuntimeTraits {
  /** The host's cgroup files and its filter of system calls need not show inside. */
  readonly ownKernel: boolean;
  /**
   * Its kernel shows all of the recipe that is inside. Where it has no file or line for RLIMITs, the inodes of a tmpfs, a
   * set of capabilities or NoNewPrivs, what is checked is that the engine was asked for them (`differencesInInspect`).
   */
  readonly showsAll: boolean;
  /** RLIMIT_NPROC counts this Sandbox's processes and threads alone, not those that its user has anywhere on the host. */
  readonly ownNproc: boolean;
  /** Threads and processes of the runtime itself, which the engine counts with those of the Job. */
  readonly ownPids: OwnPids;
  /**
   * Its kernel keeps what process 1 has open, and its memory, from Steps, and spares it in kill(-1): then Steps can be
   * forks of it (STEP_RUNNER). Elsewhere the agent starts each by itself.
   */
  readonly shutsProcess1: boolean;
  /** A started Sandbox takes other bounds of memory, processes and processors, and shows them inside. */
  readonly takesBounds: boolean;
  /** How long its agent may take to say hello, in ms, on as little of a processor as a Job can have. */
  readonly helloMs: number;
}

export interface OwnPids {
  readonly always: number;
  /** For each that the Job has. */
  readonly each: number;
}

const usual: RuntimeTraits = {
  ownKernel: false,
  showsAll: true,
  ownNproc: false,
  ownPids: { always: 0, each: 0 },
  shutsProcess1: true,
  takesBounds: true,
  helloMs: 10_000,
};

/** The first that matches counts. What is not named here is held to all of the recipe, as runc is. */
const knownRuntimes: readonly { readonly name: RegExp; readonly traits: RuntimeTraits }[] = [
  {
    // gVisor. Its kernel is a program on the host: Steps see that one's /proc, in which much is left out, and it is that
    // program which is filtered, by a profile of its own: each Step loads ours once more (step-filter.c). Without threads
    // for its own need it ends, with all that is in it (google/gvisor#2490); the Job's it bounds by RLIMIT_NPROC, and by
    // nothing else (google/gvisor#169). Measured with the platform ptrace: 70 threads with an idle agent, 292
    // with 20 processes beside it, 450 with 48, 640 with 100; and 1.6 s of a processor until hello.
    name: /^runsc/u,
    traits: {
      ...{ ownKernel: true, showsAll: false, ownNproc: true, takesBounds: false },
      ...{ ownPids: { always: 1_024, each: 8 }, shutsProcess1: false, helloMs: 30_000 },
    },
  },
  {
    // A machine of its own: the bounds are those of the machine, and the guest's agent sets up the rest inside.
    name: /^kata/u,
    traits: { ...usual, ownKernel: true, takesBounds: false },
  },
];

/** The traits of `SANDBOX_RUNTIME`. */
export function runtimeTraits(runtime: string): RuntimeTraits {
  return knownRuntimes.find(({ name }) => name.test(runtime))?.traits ?? usual;
}
