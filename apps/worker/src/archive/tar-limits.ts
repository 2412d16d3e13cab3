/** How much of a tar is read before it is called too large. */
export interface TarLimits {
  /** Bytes of content, as the headers declare them. */
  readonly contentBytes: number;
  /** Files, folders, links and whatever else there is. */
  readonly entries: number;
  /** Bytes of one pax or long-name record. */
  readonly recordBytes: number;
  /** Bytes of all headers and records: they decide how much is kept in memory. */
  readonly headerBytes: number;
  /** Time for the whole of it, in milliseconds. */
  readonly ms: number;
}

/** The limits of any Job's outputs, whatever its own `output_mb`. */
export const fixedTarLimits = {
  entries: 100_000,
  recordBytes: 65_536,
  headerBytes: 64 * 1_048_576,
} as const satisfies Partial<TarLimits>;
