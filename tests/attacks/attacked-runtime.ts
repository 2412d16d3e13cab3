/** What the attacked Sandbox runs under: SANDBOX_RUNTIME, as the worker reads it. */
export const attackedRuntime = process.env["SANDBOX_RUNTIME"] || "runc";

/** gVisor, whatever its platform. */
export const isGvisor = attackedRuntime.startsWith("runsc");
