import { isInClear, toAskedRequest } from "@longshore/shared/contracts/asked-request";
import type { JobRequest } from "@longshore/shared/contracts/schedule-request";
import type { ReadRequest } from "@longshore/shared/db/read-request";
import type { OwnJob } from "@longshore/shared/domain/access";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { BodyRoom, NoBodyRoom } from "../middleware/body-room.ts";

export interface ShowRequestDeps {
  /** The bytes of a Job's request as JSON; null where there is no such Job. */
  readonly measureRequest: (own: OwnJob) => Promise<number | null>;
  readonly readRequest: (own: OwnJob) => Promise<ReadRequest | null>;
  /** That of the bodies of requests, which this is made of again. */
  readonly bodyRoom: BodyRoom;
}

export type NotShown = "job_not_found" | "expired" | "request_sealed" | "request_wiped" | NoBodyRoom;

/** Gives what was asked of a Job, for as long as `use` takes: a request can be as large as a body may be. */
export function createShowRequest({ measureRequest, readRequest, bodyRoom }: ShowRequestDeps) {
  return async <Used>(own: OwnJob, use: (request: JobRequest) => Used): Promise<Result<Used, NotShown>> => {
    const bytes = await measureRequest(own);
    if (bytes === null) return fail("job_not_found");
    const held = bodyRoom.hold(own.tenant);
    try {
      const room = held.add(bytes);
      if (!room.ok) return room;
      const read = await readRequest(own);
      if (read === null) return fail("job_not_found");
      // The row outlives retention, and with it what was given to the Job: it is told no longer than what the Job left.
      if (read.expired) return fail("expired");
      // Also where an API of before has left it in clear: any text of it may hold a secret.
      if (read.sealed) return fail("request_sealed");
      return isInClear(read.request) ? succeed(use(toAskedRequest(read.request))) : fail("request_wiped");
    } finally {
      held.release();
    }
  };
}
