import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useClient } from "../../service/use-client.ts";
import { createJobFeed, type FeedSnapshot, type JobFeed } from "./create-job-feed.ts";

export interface FollowedJob {
  readonly feed: JobFeed;
  /** Takes up a feed that is broken. */
  readonly retry: () => void;
}

/** The feed of a job, for as long as it is shown. */
export function useJobFeed(jobId: string): FollowedJob {
  const client = useClient();
  const feed = useMemo(() => createJobFeed(client, jobId), [client, jobId]);
  const [tries, setTries] = useState(0);
  useEffect(() => feed.start(), [feed, tries]);
  return { feed, retry: () => setTries(tries + 1) };
}

/**
 * A part of what a feed has told, which is drawn anew when that part is another: lines come far more often than anything
 * else does.
 */
export function useFed<Part extends keyof FeedSnapshot>(feed: JobFeed, part: Part): FeedSnapshot[Part] {
  return useSyncExternalStore(feed.subscribe, () => feed.snapshot()[part]);
}
