// Work that waits until the picture is seen, and then until the browser has nothing better to do.

/** So long a frame is waited for: a page that is out of sight shows none. */
const LATEST = 1000;

/** After the next frame has been shown: when the one after it begins, it is. */
export function afterFrame(act: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    act();
  };
  if (!document.hidden) requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(once, 0)));
  setTimeout(once, document.hidden ? 0 : LATEST);
}

/** When there is time; within two seconds in any case. */
export function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 50);
}
