/** The mode of the agent image's own programs. */
export type ProgramMode = "0711" | "0755";

/**
 * Programs that a step can start and not read, but for runtimes that cannot start these: gVisor (google/gvisor#160). What
 * the mode does for the agent and its init they do there by themselves (agent-image/native/shut.c).
 */
export function programModeFor(runtime: string | undefined): ProgramMode {
  return runtime?.startsWith("runsc") === true ? "0755" : "0711";
}
