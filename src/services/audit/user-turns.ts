/**
 * Lets work of different users run at the same time, and of one user one after the other, in the order it was asked
 * for.
 */
export interface UserTurns {
  /** Runs when everything that was asked for before and has one of these users has ended. */
  run<T>(users: Iterable<string>, work: () => Promise<T>): Promise<T>;
}

export const createUserTurns = (): UserTurns => {
  /** Of each user, the end of what was asked for last. */
  const ends = new Map<string, Promise<unknown>>();
  return {
    run(users, work) {
      const mine = [...users];
      const before = mine.flatMap((user) => ends.get(user) ?? []);
      const end = before.length === 0 ? work() : Promise.all(before).then(work);
      // Whoever comes next waits for the end, be it good or bad.
      const ended = end.then(
        () => undefined,
        () => undefined,
      );
      for (const user of mine) ends.set(user, ended);
      void ended.then(() => {
        for (const user of mine) if (ends.get(user) === ended) ends.delete(user);
      });
      return end;
    },
  };
};
