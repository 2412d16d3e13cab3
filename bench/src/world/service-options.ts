/** How a service is set up that is measured. */
export interface ServiceOptions {
  readonly queue: "postgres" | "redis";
  /** Size of the warm pool of each worker. */
  readonly warm: number;
  readonly workers: number;
  /** Jobs that a worker runs at once. */
  readonly concurrency: number;
}

/** Services that several rows measure; they are started once for rows that follow one another. */
export const sharedServices = {
  /** What `npm start` runs: everything in Postgres, every sandbox started from nothing. */
  cold: { queue: "postgres", warm: 0, workers: 1, concurrency: 20 },
  warm: { queue: "postgres", warm: 20, workers: 1, concurrency: 20 },
  redis: { queue: "redis", warm: 0, workers: 1, concurrency: 20 },
} as const satisfies Readonly<Record<string, ServiceOptions>>;

export type SharedServiceName = keyof typeof sharedServices;
