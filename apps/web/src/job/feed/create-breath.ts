/** So long events are taken without a pause, in ms: a frame is drawn, and a click answered, in between. */
const workMs = 12;
/** A page that is hidden meanwhile draws no frame: so long is waited for one, in ms. */
const frameMs = 250;

/** Lets the page draw and answer between the events of a flood. */
export interface Breath {
  /** What is to be awaited before the next event; null where there is time for that. */
  due(): Promise<void> | null;
}

/** Pauses until a frame is drawn whenever a piece of work has taken its time; not where nobody sees the page. */
export function createBreath(): Breath {
  let since = performance.now();
  const afterFrame = () =>
    new Promise<void>((done) => {
      const goOn = () => {
        since = performance.now();
        done();
      };
      const unseen = setTimeout(goOn, frameMs);
      requestAnimationFrame(() => {
        clearTimeout(unseen);
        // Behind the frame itself, and what others do in it.
        setTimeout(goOn);
      });
    });
  return { due: () => (document.hidden || performance.now() - since < workMs ? null : afterFrame()) };
}
