import { agent } from "./probes/agent.ts";
import { calls } from "./probes/calls.ts";
import { environment } from "./probes/environment.ts";
import { files } from "./probes/files.ts";
import { identity } from "./probes/identity.ts";
import { kernelFiles } from "./probes/kernel-files.ts";
import { leftovers } from "./probes/leftovers.ts";
import { limits } from "./probes/limits.ts";
import { network } from "./probes/network.ts";
import { sockets } from "./probes/sockets.ts";

/** Every probe that one Sandbox is attacked with. What is tried against a Sandbox beside it is in `attack-other-sandbox.ts`. */
export const allProbes = [
  leftovers,
  calls,
  sockets,
  identity,
  kernelFiles,
  files,
  network,
  environment,
  agent,
  limits,
] as const;
