import { deleteStrayKey, listStrayKeys } from "@longshore/shared/db/ledger/stray-keys";
import { type Check, counted, suspectLimit } from "./check.ts";
import type { Ledger } from "./ledger.ts";

/** Idempotency keys: each goes with a Job. */
export function checkKeys({ sql }: Pick<Ledger, "sql">): Check {
  return {
    name: "idempotency keys",
    advice: "they are forgotten after a day; or --fix",
    look: async () => {
      const { total, strays } = await listStrayKeys(sql, suspectLimit);
      const suspects = strays.map((stray) => ({
        id: `${stray.caller === "" ? "" : `${stray.caller} `}${stray.key}`,
        what: "its job is not there",
        mend: async () => {
          await deleteStrayKey(sql, stray);
          return `forgot the idempotency key ${stray.key}`;
        },
      }));
      return { holds: counted(total, "key"), suspects };
    },
  };
}
