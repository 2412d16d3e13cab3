/** 10 MiB of files as base64, and what is around them. */
export const largestMessageBytes = 24 * 1024 * 1024;
/** How many assistants may be connected by HTTP at once. */
export const mostSessions = 32;
/** A session that asks nothing for so long is closed, unless it waits for an answer. */
export const idleMs = 30 * 60_000;
/** For telling the service that a job is not wanted any more, when nobody waits for the answer. */
export const lastWordsMs = 5_000;
