/** So long events are taken without a pause, in ms: a frame is drawn, and a click answered, in between. */
const workMs = 12;
/** A page that is hidden meanwhile draws no frame: so long is waited for one, in ms. */
const frameMs = 250;

/** Takes all events in their order, and pauses until a frame is drawn whenever that has kept the page for a while. */
export async function takeWithPauses<Event>(
  events: AsyncIterable<Event>,
  take: (event: Event) => void,
): Promise<void> {
  let since = performance.now();
  for await (const event of events) {
    take(event);
    // Nobody sees a hidden page, and it draws nothing.
    if (document.hidden || performance.now() - since < workMs) continue;
    await nextFrame();
    since = performance.now();
  }
}

/** Resolves behind the next frame, and what others do in it. */
function nextFrame(): Promise<void> {
  return new Promise((done) => {
    const unseen = setTimeout(done, frameMs);
    requestAnimationFrame(() => {
      clearTimeout(unseen);
      setTimeout(done);
    });
  });
}
