import { RecurrenceError } from "./recurrence-error.ts";

/** Bounds a search by the work it does, not by a clock: a step is a block visited or a day looked at, 0.1 to 0.5 µs. */
export interface StepBudget {
  /** @throws RecurrenceError `too_complex` when the steps are used up */
  spend(steps: number): void;
}

/** Enough to look at every day of 160 years, or at every month of 5,000. */
export function searchBudget(): StepBudget {
  return createStepBudget(60_000, "RRULE", "the rule's next date is too far away to be found");
}

/** Enough for the last of 29,000 days, 30,000 weeks or 900 months of every day. */
export function countBudget(): StepBudget {
  return createStepBudget(
    30_000,
    "COUNT",
    "the rule repeats too often for its last date to be found; write UNTIL, or a smaller COUNT",
  );
}

function createStepBudget(allowed: number, part: string, message: string): StepBudget {
  let left = allowed;
  return {
    spend(steps) {
      left -= steps;
      if (left < 0) throw new RecurrenceError("too_complex", part, message);
    },
  };
}
