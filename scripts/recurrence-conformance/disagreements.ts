import type { ConformanceRule } from "./rules.ts";

/** Why an implementation answers a kind of rule in another way. */
export interface Reason {
  readonly implementations: readonly string[];
  readonly title: string;
  readonly why: string;
  applies(rule: string, theirs: readonly string[]): boolean;
}

const parts = (rule: string): Map<string, string> =>
  new Map(rule.split(";").map((part) => part.split("=") as [string, string]));
const has = (rule: string, ...names: string[]): boolean => names.every((name) => parts(rule).has(name));

/** In order: the first that applies is the reason. */
export const reasons: readonly Reason[] = [
  {
    implementations: ["python-dateutil", "rrule"],
    title: "Week numbers without a day",
    why: '`BYWEEKNO` without a day part. RFC 5545 §3.3.10: when BYDAY is missing, "the appropriate … day … would have been retrieved from the DTSTART property". We take DTSTART\'s weekday; python-dateutil and rrule take all seven days of the week.',
    applies: (rule) =>
      has(rule, "BYWEEKNO") &&
      !["BYDAY", "BYMONTHDAY", "BYYEARDAY"].some((name) => has(rule, name)) &&
      !has(rule, "BYMONTH"),
  },
  {
    implementations: ["python-dateutil", "rrule"],
    title: "Positions in the first week",
    why: '`BYSETPOS` in the week of DTSTART. §3.3.10: a set "starts at the beginning of the interval defined by the FREQ rule part". We count from the week\'s first day; python-dateutil and rrule count from DTSTART, so the first week has another set than all others.',
    applies: (rule) => rule.startsWith("FREQ=WEEKLY") && has(rule, "BYSETPOS"),
  },
  {
    implementations: ["python-dateutil", "rrule"],
    title: "Plain and numbered weekdays together",
    why: '`BYDAY=MO,2TU` lists every Monday and the second Tuesday. §3.3.10: BYDAY is "a COMMA-separated list of days", each with or without a number. python-dateutil and rrule want a day that is both, and find none.',
    applies: (rule) => /BYDAY=(\w{2},-?\d|-?\d\w{2},\w{2})/.test(rule),
  },
  {
    implementations: ["python-dateutil", "rrule"],
    title: "A 53rd week that is not there",
    why: "2039-01-01 is in week 52 of 2038 by ISO 8601, which RFC 5545 §3.3.10 follows; python-dateutil and rrule take it for week 53.",
    applies: (rule) => /BYWEEKNO=[\d,]*53/.test(rule),
  },
  {
    implementations: ["rrule"],
    title: "A date found by two positions",
    why: "When two positions of `BYSETPOS` mean the same date (the 2nd and the 2nd to last of three), it is one recurrence instance: §3.8.5.3, a recurrence set has each instance once. rrule gives it twice, or takes a position that the set has not.",
    applies: (rule) => /BYSETPOS=2,-2/.test(rule),
  },
  {
    implementations: ["rrule-temporal"],
    title: "A rule without any date",
    why: "rrule-temporal stops with an error after 10,000 iterations; we, python-dateutil and rrule answer that there is none.",
    applies: (_, theirs) => theirs[0]?.includes("Maximum iterations") === true,
  },
  {
    implementations: ["rrule-temporal"],
    title: "Days of the year and week numbers beside other parts",
    why: "`BYYEARDAY`, `BYWEEKNO` and `BYMONTHDAY` beside each other limit one another, and BYDAY limits beside BYYEARDAY or BYMONTHDAY (§3.3.10, table and note 2). rrule-temporal adds their dates together, or lets weeks reach into a year that INTERVAL leaves out.",
    applies: (rule) =>
      rule.startsWith("FREQ=YEARLY") && (has(rule, "BYWEEKNO") || has(rule, "BYYEARDAY") || has(rule, "BYMONTHDAY")),
  },
];

export function reasonFor(
  { rule }: ConformanceRule,
  implementation: string,
  theirs: readonly string[],
): Reason | undefined {
  return reasons.find((reason) => reason.implementations.includes(implementation) && reason.applies(rule, theirs));
}
