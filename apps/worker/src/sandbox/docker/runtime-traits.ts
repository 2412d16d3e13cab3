/** What a check after the start may expect to see inside, by the runtime's name. */
export interface RuntimeTraits {
  /** The host's cgroup files and its filter of system calls need not show inside. */
  readonly ownKernel: boolean;
}

/** The first that matches counts. What is not named here is held to all of the recipe, as runc is. */
const knownRuntimes = [
  {
    // Its kernel is a program on the host: Steps see that one's /proc, in which there are no cgroup files, and it is
    // that program which is filtered, by a profile of its own, whatever ours says.
    name: /^runsc/u,
    traits: { ownKernel: true },
  },
  {
    // A machine of its own: the bounds are those of the machine, and the guest's agent sets up the rest inside.
    name: /^kata/u,
    traits: { ownKernel: true },
  },
] as const satisfies readonly { readonly name: RegExp; readonly traits: RuntimeTraits }[];

/** The traits of `SANDBOX_RUNTIME`. */
export function runtimeTraits(runtime: string): RuntimeTraits {
  return knownRuntimes.find(({ name }) => name.test(runtime))?.traits ?? { ownKernel: false };
}
