const lastReload = "longshore.reloaded";
const soonMs = 10_000;
const boundMs = 5_000;

/**
 * A page that was open while the service was upgraded asks for files that are gone: loaded anew it asks for those that
 * there are. Not twice in a row, as then something else is wrong; and not while the service is away, as the page itself would
 * not come then either, and all that it shows would be gone.
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener("vite:preloadError", () => void reloadWhereServed());
}

async function reloadWhereServed(): Promise<void> {
  try {
    await fetch("/health", { signal: AbortSignal.timeout(boundMs) });
  } catch {
    return;
  }
  if (Date.now() - Number(sessionStorage.getItem(lastReload) ?? 0) < soonMs) return;
  sessionStorage.setItem(lastReload, String(Date.now()));
  location.reload();
}
