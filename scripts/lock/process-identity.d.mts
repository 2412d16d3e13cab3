/** The start time of a running process as an opaque text; null where none runs under this pid. */
export declare function readProcessIdentity(pid: number): Promise<string | null>;
