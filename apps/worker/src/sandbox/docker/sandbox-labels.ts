/** Label of everything that an installation makes on an engine. */
const installationLabel = "longshore.installation";
/** Label of one try to start, by which its maker finds what an unanswered create may have left. */
const startLabel = "longshore.start";

/** Label of the worker that has started it: a warm container is of use to nobody else. */
const workerLabel = "longshore.worker";

/** The labels of a container. Ids only, as the engine repeats them in its events. */
export function sandboxLabels(
  installationId: string,
  workerId: string,
  startId: string,
): Record<string, string> {
  return { [installationLabel]: installationId, [workerLabel]: workerId, [startLabel]: startId };
}

/** The worker that has started a container; null where its labels do not say. */
export function starterOf(labels: Readonly<Record<string, string>> | undefined): string | null {
  return labels?.[workerLabel] ?? null;
}

/** The engine's filter for all containers of an installation. */
export function installationFilter(installationId: string): Record<string, string[]> {
  return { label: [`${installationLabel}=${installationId}`] };
}

/** The engine's filter for what one try to start made. */
export function startFilter(startId: string): Record<string, string[]> {
  return { label: [`${startLabel}=${startId}`] };
}
