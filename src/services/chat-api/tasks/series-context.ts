import { v5 as uuidv5 } from "uuid";
import type { SeriesContext } from "../../../domain/series/draft.ts";
import type { DecisionContext } from "./writer.ts";

/** Ids of occurrences are made of series and date (RFC 9562 §5.5), so that whoever makes one makes the same. */
export const occurrenceId = (seriesId: string, occurrenceDate: string): string => uuidv5(occurrenceDate, seriesId);

/** So are the ids of their reminders. */
const reminderId = (seriesReminderId: string, ofOccurrence: string): string => uuidv5(seriesReminderId, ofOccurrence);

/** What decisions about tasks need to know beside what was read. */
export const seriesContext = (context: DecisionContext, newId: () => string): SeriesContext => ({
  ...context,
  newId,
  occurrenceId,
  reminderId,
});
