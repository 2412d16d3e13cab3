import type { Client } from "@longshore/client";
import type { ExitCode } from "./exit-codes.ts";
import type { Interrupts } from "./interrupts.ts";
import type { LineWatch } from "./settings/connect.ts";
import type { Settings } from "./settings/read-settings.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Screen } from "./terminal/screen.ts";

/** All that a command can touch. */
export interface CommandContext {
  readonly surroundings: Surroundings;
  readonly screen: Screen;
  readonly interrupts: Interrupts;
  readonly version: string;
  /** Reads the settings, once it is known which options were given. */
  settings(): Promise<Settings>;
  /** The client of the service; `watch` hears when it is not reached. */
  client(watch?: LineWatch): Promise<Client>;
  /** Whether results are for machines. */
  asJson(): boolean;
  /** One value as one line of JSON on stdout. */
  json(value: unknown): Promise<void>;
  /** A line on stdout, for people: what it holds of strangers has to be printable already. */
  say(line: string): Promise<void>;
  /** A line on stderr, beside the results. */
  note(line: string): Promise<void>;
  /** What the process will end with. */
  end(code: ExitCode): void;
}
