/**
 * Settings of the worker that say which Sandboxes a test gets where it does not choose them itself: those of the test run's
 * own environment, so that all suites can be run with a warm pool (WARM_POOL_SIZE=2), without the step runner
 * (STEP_RUNNER=off), or on another image.
 */
export const chosenSandboxes = {
  AGENT_IMAGE: process.env["AGENT_IMAGE"] ?? "longshore-agent:dev",
  WARM_POOL_SIZE: process.env["WARM_POOL_SIZE"] ?? "0",
  STEP_RUNNER: process.env["STEP_RUNNER"] ?? "on",
} as const;
