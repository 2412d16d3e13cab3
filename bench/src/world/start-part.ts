import { type ServiceProcess, startService } from "../../../tests/support/service-process.ts";

export interface PartDeps {
  /** Further settings of a part that is to be started, by its name; see profile/. */
  readonly settingsOf: (part: string) => Readonly<Record<string, string>>;
  /** Is told of each part that has ended. */
  readonly onEnded: (part: string, pid: number) => Promise<void>;
}

/** API or worker, as a process. */
export interface StartedPart {
  readonly process: ServiceProcess;
  /** Asks it to stop and resolves when it is gone, however often. */
  readonly end: () => Promise<void>;
}

/** Gives a function that starts a part with these settings; where there are several of one, each has a name of its own. */
export function createPartStarter(
  { settingsOf, onEnded }: PartDeps,
  settings: Readonly<Record<string, string>>,
): (part: "api" | "worker", name?: string) => StartedPart {
  return (part, name = part) => {
    const process = startService(part, { ...settings, ...settingsOf(name) });
    let ending: Promise<void> | undefined;
    const end = () => (ending ??= process.end("SIGTERM").then(() => onEnded(name, process.pid)));
    return { process, end };
  };
}
