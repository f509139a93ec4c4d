/** Whoever asks while an answer is being made gets the same one: many who ask at once cost as much as one. */
export const shared = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let underWay: Promise<T> | undefined;
  return () =>
    (underWay ??= make().finally(() => {
      underWay = undefined;
    }));
};
