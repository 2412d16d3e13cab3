/** What the attacked Sandbox runs under: SANDBOX_RUNTIME, as the worker reads it. */
export const attackedRuntime = process.env["SANDBOX_RUNTIME"] || "runc";

/** Who starts its Steps: STEP_RUNNER, as the worker reads it. */
export const attackedRunner = process.env["STEP_RUNNER"] === "off" ? "off" : "on";

/** gVisor, whatever its platform. */
export const isGvisor = attackedRuntime.startsWith("runsc");
