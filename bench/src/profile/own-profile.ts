import { Session } from "node:inspector/promises";

/** Measures this process from now on; what it gives ends that, with the profile as `--cpu-prof` would write it. */
export async function profileThisProcess(): Promise<() => Promise<string>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    return JSON.stringify(profile);
  };
}
