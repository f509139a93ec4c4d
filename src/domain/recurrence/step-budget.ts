import { RecurrenceError } from "./recurrence-error.ts";

/** Bounds a search by the work it does, not by a clock: a step is a block visited or a day looked at, 50 to 300 ns. */
export interface StepBudget {
  /** @throws RecurrenceError `too_complex` when the steps are used up */
  spend(steps: number): void;
}

/** Enough to look at every day of 270 years, or at every month of the calendar. */
export function searchBudget(): StepBudget {
  return createStepBudget(100_000, "RRULE", "the rule's next date is too far away to be found");
}

/** Enough for the last of 45,000 days, 50,000 weeks or 1,500 months of every day. */
export function countBudget(): StepBudget {
  return createStepBudget(50_000, "COUNT", "the rule repeats too often for its last date to be found; write UNTIL, or a smaller COUNT");
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
