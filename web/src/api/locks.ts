/** What runs one after another in this tab, where the browser has no Web Locks (plain HTTP outside of localhost). */
const turns = new Map<string, Promise<unknown>>();

const inTurn = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
  turns.set(name, turn);
  return turn;
};

/**
 * Runs `work` while no other tab of this browser holds the lock of that name.
 * Without Web Locks the promise holds for this tab alone.
 */
export const withLock = async <T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
  if (navigator.locks === undefined) return inTurn(name, work);
  return navigator.locks.request(name, signal === undefined ? {} : { signal }, work) as Promise<T>;
};
