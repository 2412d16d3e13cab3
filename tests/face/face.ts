import type { ServiceProcess } from "../support/service-process.ts";
import type { PackedCli } from "./cli/packed-cli.ts";

/** The service that all suites of the face use, as a stranger knows it: its address and keys. */
export interface Face {
  readonly url: string;
  readonly key: string;
  /** One of who runs the service. */
  readonly adminKey: string;
  /** The command line, as it is installed. */
  readonly cli: PackedCli;
  /** Has a job's retention be over. */
  readonly expire: (jobId: string) => Promise<void>;
  /** Starts another API of it on this port, which whoever starts it ends. */
  readonly startApi: (port: number) => ServiceProcess;
}
