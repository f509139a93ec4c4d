import { formatCivil, parseCivil } from "../../domain/civil.ts";
import { planSeries } from "../../domain/recurrence.ts";
import { seriesOf } from "../../domain/series/series-rule.ts";
import { startOfDay } from "../../domain/time-zone.ts";
import type { LearnedSeries } from "./series-store.ts";

/** What a series needs now, and when to look at it again. */
export interface Look {
  /** Dates that must exist and are not known to, in order. */
  readonly dates: readonly string[];
  /** The first and the last date that catching up leaves out, as `first/last`. */
  readonly passedOver: string | null;
  /** Epoch ms; null when only an event can make another look necessary. */
  readonly lookAt: number | null;
}

/** West of Greenwich the last day of the calendar ends in a year that has no four digits, and that nobody waits for. */
const LAST_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

const nothing: Look = { dates: [], passedOver: null, lookAt: null };

/**
 * The plan for a series as it was learned, at an instant (epoch ms). @throws RecurrenceError, or Error for a pattern
 * that is none
 */
export const lookAt = (learned: LearnedSeries, now: number): Look => {
  const series = seriesOf(learned);
  const next = learned.next_occurrence_date;
  if (series === null || next === null) return nothing;
  const resumesAt = series.pausedUntil === null ? now : startOfDay(series.zone, series.pausedUntil);
  if (resumesAt > now) return { ...nothing, lookAt: resumesAt };
  const last = parseCivil(next);
  if (last === undefined) throw new Error(`${next} is no date of a series`);
  const { make, passedOver, wakeAt } = planSeries(series, { last, lastClosedAt: null }, now);
  return {
    dates: [...(learned.kept_date === next ? [] : [next]), ...make.map(formatCivil)],
    passedOver: passedOver && `${formatCivil(passedOver.first)}/${formatCivil(passedOver.last)}`,
    lookAt: wakeAt === null || wakeAt > LAST_INSTANT ? null : wakeAt,
  };
};
