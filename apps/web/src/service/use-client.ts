import { type Client, createClient } from "@longshore/client";
import { useMemo } from "react";
import { useAccess } from "../access/use-access.ts";
import { createServiceFetch } from "./service-fetch.ts";

/** A stream that broke is taken up for as long as anybody may leave a page open over an outage, in ms. */
const patienceMs = 60 * 60_000;

/** The client of the service that has served this page, with the reader's key. */
export function useClient(): Client {
  const { key } = useAccess();
  return useMemo(
    () =>
      createClient({
        url: location.origin,
        apiKey: key ?? undefined,
        fetch: createServiceFetch(key),
        patienceMs,
      }),
    [key],
  );
}
