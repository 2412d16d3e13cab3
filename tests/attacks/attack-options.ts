import { parseArgs } from "node:util";

export const usage = `npm run attacks [-- OPTION]
  (nothing)          every probe in a Sandbox under the machine's engine, and against one beside it
  --warm             the same in a Sandbox of the warm pool, with other bounds than it was made with
  --neighbours       times a job beside others that are at their limits
  --overhead         times cold starts with the hardening and without
  --egress           times what programs download and upload through the proxy and the worker
  --mutations        takes each defence away in turn, and shows which probe notices
  --only TEXT        only mutations, or neighbours, whose names hold TEXT

It runs under SANDBOX_RUNTIME (runc); under runsc --mutations takes away what holds there alone.
`;

export interface AttackOptions {
  readonly warm: boolean;
  readonly mutations: boolean;
  readonly neighbours: boolean;
  readonly overhead: boolean;
  readonly egress: boolean;
  readonly only: string;
}

/** Throws what is wrong with the arguments. */
export function readAttackOptions(args: readonly string[]): AttackOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      warm: { type: "boolean", default: false },
      mutations: { type: "boolean", default: false },
      neighbours: { type: "boolean", default: false },
      overhead: { type: "boolean", default: false },
      egress: { type: "boolean", default: false },
      only: { type: "string", default: "" },
    },
  });
  return values;
}
