/** The room that a page of Events takes from being read to being taken by its reader. */
export interface HeldPage {
  /** So many bytes of lines may be read. */
  readonly mostBytes: number;
  /** And so many rows. */
  readonly mostRows: number;
  /** Only so many bytes of it are held now; 0 gives all of its room back. Never takes more. */
  shrinkTo(bytes: number): void;
}

/** The room for the pages of all readers of this process. */
export interface PageRoom {
  /** `small` asks for no more than a small page. */
  hold(small?: "small"): HeldPage;
}

export interface PageRoomBounds {
  readonly largePageBytes: number;
  readonly largePageRows: number;
  readonly smallPageBytes: number;
  readonly smallPageRows: number;
  /** Of large pages together. */
  readonly overallBytes: number;
}

/**
 * A few large pages fill what the kernel takes for a reader that takes nothing, so that one is soon known as such; and
 * however many those are, each of them holds little more than a small page.
 */
export const pageRoomBounds: PageRoomBounds = {
  largePageBytes: 1_024 * 1_024,
  // Each page is a statement of its own: in these steps a log of 100,000 lines is read in three quarters of the time of 256.
  largePageRows: 1_024,
  smallPageBytes: 64 * 1_024,
  smallPageRows: 256,
  overallBytes: 32 * 1_024 * 1_024,
};

/** A page is large while there is room, and small where there is none: nobody waits for another reader. */
export function createPageRoom(bounds: PageRoomBounds): PageRoom {
  const { largePageBytes, smallPageBytes, overallBytes } = bounds;
  let allBytes = 0;
  return {
    hold: (small) => {
      const isLarge = small === undefined && allBytes + largePageBytes <= overallBytes;
      let held = isLarge ? largePageBytes : 0;
      allBytes += held;
      return {
        mostBytes: isLarge ? largePageBytes : smallPageBytes,
        mostRows: isLarge ? bounds.largePageRows : bounds.smallPageRows,
        shrinkTo: (bytes) => {
          const less = Math.min(held, bytes);
          allBytes -= held - less;
          held = less;
        },
      };
    },
  };
}
