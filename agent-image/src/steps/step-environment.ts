/** The part of a `job` frame that Steps see. */
export interface JobIdentity {
  readonly jobId: string;
  readonly attempt: number;
  readonly env: Readonly<Record<string, string>>;
  /** What tells programs of the network, if there is one. */
  readonly networkEnv: Readonly<Record<string, string>>;
}

const defaults = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/tmp",
  LANG: "C.UTF-8",
  MPLBACKEND: "Agg",
  PIP_BREAK_SYSTEM_PACKAGES: "1",
};

/**
 * The environment of a Step: defaults, then the image's (which the agent was started with, and which holds no
 * secret), then the network's, then the Job's, then what Longshore says and no Job may change.
 */
export function stepEnvironment(
  image: Readonly<NodeJS.ProcessEnv>,
  { jobId, attempt, env, networkEnv }: JobIdentity,
  index: number,
): Record<string, string> {
  const own: Record<string, string> = { ...defaults };
  for (const [name, value] of Object.entries(image)) if (value !== undefined) own[name] = value;
  return {
    ...own,
    ...networkEnv,
    ...env,
    LONGSHORE_JOB_ID: jobId,
    LONGSHORE_ATTEMPT: String(attempt),
    LONGSHORE_STEP: String(index),
  };
}
