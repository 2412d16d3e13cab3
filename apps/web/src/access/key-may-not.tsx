/** Stands where something could be done, by a key that may do more: "run jobs". */
export function KeyMayNot({ what }: { readonly what: string }) {
  return <span className="muted">Your key may not {what}.</span>;
}
