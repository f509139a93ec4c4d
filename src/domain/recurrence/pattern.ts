import { type Civil, civilToMs, isDateTime } from "../civil.ts";
import { completeRule } from "./completed-rule.ts";
import { createSchedule, firstOccurrence } from "./occurrences.ts";
import { RecurrenceError, type RecurrenceProblem } from "./recurrence-error.ts";
import type { RecurrenceRule } from "./rule.ts";
import { readRRule, type WrittenRule } from "./rrule-text.ts";
import type { Schedule } from "./schedule.ts";
import { parseShortForm } from "./short-form.ts";

/** What is worth telling about a pattern that was accepted. */
export type RecurrenceWarning =
  | "due_date_not_on_rule" // the anchor is no occurrence; the first one is later
  | "time_parts_ignored"; // BYHOUR, BYMINUTE and BYSECOND beside an all-day anchor

export type ParsedPattern =
  | {
      readonly ok: true;
      readonly rule: RecurrenceRule;
      readonly schedule: Schedule;
      readonly first: Civil;
      readonly warnings: readonly RecurrenceWarning[];
    }
  | { readonly ok: false; readonly error: RecurrenceProblem };

const longestPattern = 5000;

/**
 * Reads a pattern beside its anchor (the due date, on the wall clock): a short form, or an RFC 5545 rule with or
 * without `RRULE:`. `zone` places an UNTIL that is written in UTC on the wall clock.
 */
export function parsePattern(text: string, anchor: Civil, zone = "UTC"): ParsedPattern {
  try {
    return accept(text.trim(), anchor, zone);
  } catch (error) {
    if (error instanceof RecurrenceError) return { ok: false, error: error.problem };
    throw error;
  }
}

function accept(text: string, anchor: Civil, zone: string): ParsedPattern {
  if (text.length > longestPattern)
    throw new RecurrenceError("bad_pattern", "", `a pattern has at most ${longestPattern} characters`);
  const short = parseShortForm(text, anchor);
  const written = short === undefined ? readWritten(text) : undefined;
  const rule = written === undefined ? (short as RecurrenceRule) : completeRule(written, anchor, zone);
  const schedule = createSchedule(rule, anchor);
  const first = firstOf(schedule);
  const warnings: RecurrenceWarning[] = [];
  if (civilToMs(first) !== schedule.start) warnings.push("due_date_not_on_rule");
  if (written !== undefined && !isDateTime(anchor) && hasTimeParts(written)) warnings.push("time_parts_ignored");
  return { ok: true, rule, schedule, first, warnings };
}

function readWritten(text: string): WrittenRule {
  if (/^(rrule:|[a-z-]+=)/i.test(text)) return readRRule(text);
  const known = "daily, weekly, weekly:MON,WED, monthly, monthly:15, monthly:last, yearly, custom:3d or an RRULE";
  throw new RecurrenceError(
    "bad_pattern",
    text,
    text === "" ? `the pattern is empty; write ${known}` : `"${text.slice(0, 40)}" is no pattern; write ${known}`,
  );
}

const hasTimeParts = (rule: WrittenRule): boolean =>
  rule.byHour.length + rule.byMinute.length + rule.bySecond.length > 0;

function firstOf(schedule: Schedule): Civil {
  const first = firstOccurrence(schedule);
  if (first !== null) return first;
  const { until } = schedule.rule;
  if (until !== null && civilToMs(until) < schedule.start)
    throw new RecurrenceError("never", "UNTIL", "UNTIL is before the due date: the rule has no date");
  throw new RecurrenceError("never", "RRULE", "no date matches the rule");
}
