import type { Operation, Refusal } from "./operation.ts";
import type { TextNews } from "./texts.ts";

/** What the server made of an operation, where that is not what was shown before. */
export type Outcome =
  | { readonly kind: "refused"; readonly operation: Operation; readonly refusal: Refusal }
  | { readonly kind: "text"; readonly operation: Operation; readonly news: TextNews };

const listeners = new Set<(outcome: Outcome) => void>();

/** Tells of every outcome from now on. Answers how to stop. */
export const onOutcome = (listener: (outcome: Outcome) => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const tellOutcome = (outcome: Outcome): void => {
  for (const listener of listeners) listener(outcome);
};
