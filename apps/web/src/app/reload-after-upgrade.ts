const lastReload = "longshore.reloaded";
const soonMs = 10_000;

/**
 * A page that was open while the service was upgraded asks for files that are gone: loaded anew it asks for those that
 * there are. Not twice in a row, as then something else is wrong.
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener("vite:preloadError", (event) => {
    if (Date.now() - Number(sessionStorage.getItem(lastReload) ?? 0) < soonMs) return;
    sessionStorage.setItem(lastReload, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
