const lockName = "taskflow.focus";

/** Lets the other tabs know while the user is at this one. Answers how to end it. */
export const followFocus = (): (() => void) => {
  const { locks } = navigator;
  if (locks === undefined) return () => undefined;
  let release: (() => void) | undefined;
  const look = (): void => {
    const hasFocus = document.hasFocus();
    if (hasFocus === (release !== undefined)) return;
    release?.();
    release = undefined;
    if (!hasFocus) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    void locks.request(lockName, { mode: "shared" }, () => promise);
  };
  const events = ["focus", "blur"] as const;
  for (const event of events) addEventListener(event, look);
  look();
  return () => {
    for (const event of events) removeEventListener(event, look);
    release?.();
  };
};

/** Whether the user is at any tab of this browser. */
export const hasFocusAnywhere = async (): Promise<boolean> => {
  if (document.hasFocus()) return true;
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === lockName);
};
