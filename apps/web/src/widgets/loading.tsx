/** Shown while something comes. Nothing moves: most of it is there before one has read this. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="muted" role="status">
      Loading {what} …
    </p>
  );
}
