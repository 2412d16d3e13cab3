/** While a page is not seen the browser draws nothing, and calls no one before the next frame, in ms. */
const unseenPauseMs = 250;

/** Has `work` done at the next frame, however often that is asked for before it. */
export function onceAFrame(work: () => void): () => void {
  let isDue = false;
  const flush = () => {
    isDue = false;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    if (document.hidden) setTimeout(flush, unseenPauseMs);
    else requestAnimationFrame(flush);
  };
}
