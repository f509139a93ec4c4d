import type { Task } from "../../../../src/contract/task.ts";
import { useClock, useNow } from "../../time/clock.ts";
import { civilTimeAt } from "../../time/due-date.ts";
import { comingOf, shownOf } from "./coming.ts";
import { usePreview } from "./use-preview.ts";
import { occurrenceWords } from "./words.ts";

/** The next dates of a series after one of them, in words; none while they are not known. */
export const useNextDates = (series: Task, after: string): { readonly dates: readonly string[] } => {
  const clock = useClock();
  const today = civilTimeAt(new Date(useNow()), series.recurrence_time_zone ?? clock.zone).slice(0, 10);
  const coming = comingOf(series, after, today);
  const { preview } = usePreview(coming?.query ?? null);
  if (coming === null || preview.kind !== "shown") return { dates: [] };
  const dates = shownOf(
    coming,
    preview.preview.occurrences.map(({ occurrence_date }) => occurrence_date),
  );
  return { dates: dates.map((date) => occurrenceWords(date.slice(0, 10), clock)) };
};
