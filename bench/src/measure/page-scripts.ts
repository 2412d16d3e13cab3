// What is measured in a page of the dashboard, by its own clock, as text: it runs there. A frame is looked at when the browser
// is about to draw it, so that what is found has been drawn a frame later at the latest.

/** In ms since the page was asked for: when a button that says `name` can be pressed. */
export function untilButton(name: string): string {
  return untilFound(
    `[...document.querySelectorAll("button")].some((each) => !each.disabled && each.textContent.trim() === ${JSON.stringify(name)})`,
  );
}

/** In ms since the page was asked for: when a line of the log has this text. */
export function untilLine(text: string): string {
  return untilFound(
    `[...document.querySelectorAll(".log-row")].some((row) => row.textContent.includes(${JSON.stringify(text)}))`,
  );
}

function untilFound(found: string): string {
  return `new Promise((done) => {
    const look = () => (${found}) ? done(performance.now()) : requestAnimationFrame(look);
    look();
  })`;
}

/** Scrolls through the log for `frames` frames, small steps and leaps in turn, and gives how long each took, in ms. */
export function scrollThrough(frames: number): string {
  return `(async () => {
    const log = document.querySelector(".log-scroll");
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const took = [];
    for (let last = await drawn(), step = 0; step < ${String(frames)}; step += 1) {
      log.scrollTop += step % 2 === 0 ? 400 : 9000;
      const now = await drawn();
      took.push(now - last);
      last = now;
    }
    return took;
  })()`;
}

/** What a line says that says when it was printed: `printed at` and the ms since the epoch. */
export const printedAt = "printed at ";

/** Waits for so many of such lines, and gives how late each stood in the page, in ms. */
export function lagsOfLines(lines: number): string {
  return `new Promise((done) => {
    const lags = new Map();
    const look = () => {
      const now = performance.timeOrigin + performance.now();
      for (const row of document.querySelectorAll(".log-row")) {
        const [, at] = /${printedAt}([0-9.]+)/.exec(row.textContent) ?? [];
        if (at !== undefined && !lags.has(at)) lags.set(at, now - Number(at));
      }
      if (lags.size < ${String(lines)}) requestAnimationFrame(look);
      else done([...lags.values()]);
    };
    look();
  })`;
}

/** Bytes of the dashboard's own files, as they came over the wire. */
export const loadedBytes = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ name }) => new URL(name).pathname.startsWith("/ui"))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;
