// Work that waits until the picture is seen, and then until the browser has nothing better to do.

/** After the next frame has been shown. A page that is out of sight shows none: there a timer tells. */
export function afterFrame(act: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    act();
  };
  requestAnimationFrame(() => setTimeout(once, 0));
  setTimeout(once, 500);
}

/** When there is time; within two seconds in any case. */
export function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 50);
}
