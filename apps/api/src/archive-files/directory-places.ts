/** Where an entry of an archive's directory stands: so many others before it, at so many bytes of the archive. */
export interface DirectoryPlace {
  readonly entries: number;
  readonly offset: number;
}

/** Where pages of archives have ended, so that the next page need not go through all that is before it. */
export interface DirectoryPlaces {
  /** The last known place that is not behind `entries`; null where only the beginning is. */
  before(archiveKey: string, entries: number): DirectoryPlace | null;
  note(archiveKey: string, place: DirectoryPlace): void;
}

/** Of an archive, and of archives: who turns pages needs the last one, and a few may do so at once. */
const [mostPlaces, mostArchives] = [64, 256];

/** Remembers those that were noted last. An archive never changes under its key, so that a place is good for ever. */
export function createDirectoryPlaces(): DirectoryPlaces {
  const places = new Map<string, readonly DirectoryPlace[]>();
  return {
    before: (archiveKey, entries) =>
      (places.get(archiveKey) ?? [])
        .filter((place) => place.entries <= entries)
        .reduce<DirectoryPlace | null>(
          (last, place) => (last === null || place.entries > last.entries ? place : last),
          null,
        ),
    note: (archiveKey, place) => {
      const others = (places.get(archiveKey) ?? []).filter(({ entries }) => entries !== place.entries);
      // The one that was noted last comes last.
      places.delete(archiveKey);
      places.set(archiveKey, [...others, place].slice(-mostPlaces));
      for (const oldest of places.keys()) if (places.size > mostArchives) places.delete(oldest);
    },
  };
}
