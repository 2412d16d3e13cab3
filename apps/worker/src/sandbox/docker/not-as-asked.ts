/** A reason not to hand a container out, as a sentence for whoever runs the service. */
export class NotAsAsked extends Error {}

/** Throws where there is a difference, with the first five of them. */
export function refuseIfAny(differences: readonly string[]): void {
  if (differences.length > 0) throw new NotAsAsked(differences.slice(0, 5).join(" "));
}
