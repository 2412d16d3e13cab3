import { parseArgs } from "node:util";

export const usage = `npm run attacks [-- OPTION]
  (nothing)          every probe in a Sandbox under the machine's engine
  --mutations        takes each defence away in turn, and shows which probe notices
  --only TEXT        only mutations whose names hold TEXT
`;

export interface AttackOptions {
  readonly mutations: boolean;
  readonly only: string;
}

/** Throws what is wrong with the arguments. */
export function readAttackOptions(args: readonly string[]): AttackOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mutations: { type: "boolean", default: false },
      only: { type: "string", default: "" },
    },
  });
  return values;
}
