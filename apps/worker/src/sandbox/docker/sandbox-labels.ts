/** Label of everything that an installation makes on an engine. */
const installationLabel = "longshore.installation";
/** Label of one try to start, by which its maker finds what an unanswered create may have left. */
const startLabel = "longshore.start";

/** The labels of a container. Ids only, as the engine repeats them in its events. */
export function sandboxLabels(installationId: string, startId: string): Record<string, string> {
  return { [installationLabel]: installationId, [startLabel]: startId };
}

/** The engine's filter for all containers of an installation. */
export function installationFilter(installationId: string): Record<string, string[]> {
  return { label: [`${installationLabel}=${installationId}`] };
}

/** The engine's filter for what one try to start made. */
export function startFilter(startId: string): Record<string, string[]> {
  return { label: [`${startLabel}=${startId}`] };
}
