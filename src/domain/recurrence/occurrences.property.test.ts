import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import {
  addDays,
  type Civil,
  civilFromMs,
  civilToMs,
  compareCivil,
  dateOf,
  dayOfWeek,
  daysFromCivil,
  formatCivil,
} from "../civil.ts";
import {
  canonical,
  createSchedule,
  isOccurrence,
  nextAfter,
  nextAtOrAfter,
  occurrences,
  occurrencesBetween,
  parsePattern,
  previousAtOrBefore,
  previousBefore,
  type RecurrenceRule,
  type Schedule,
  sentence,
} from "../recurrence.ts";

const anchor = fc
  .integer({ min: daysFromCivil(1990, 1, 1), max: daysFromCivil(2040, 1, 1) })
  .chain((days) => fc.option(fc.integer({ min: 0, max: 95 }), { nil: null }).map((quarter) => anchorOf(days, quarter)));

function anchorOf(days: number, quarter: number | null): Civil {
  const civil = civilFromMs(days * 86_400_000 + (quarter ?? 0) * 900_000);
  return quarter === null ? dateOf(civil) : civil;
}

const few = (min: number, max: number) =>
  fc.uniqueArray(
    fc.integer({ min, max }).filter((value) => value !== 0 || min === 0),
    { minLength: 1, maxLength: 4 },
  );
const weekdays = fc.uniqueArray(fc.constantFrom("MO", "TU", "WE", "TH", "FR", "SA", "SU"), {
  minLength: 1,
  maxLength: 4,
});
const numbered = fc.array(
  fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, -1, -2), fc.constantFrom("MO", "WE", "SU")).map(([n, day]) => `${n}${day}`),
  { minLength: 1, maxLength: 3 },
);
type Part = fc.Arbitrary<string>;
const part = (name: string, values: fc.Arbitrary<(string | number)[]>): Part =>
  fc.option(
    values.map((list) => `${name}=${list.join(",")}`),
    { nil: "", freq: 2 },
  );
const none = fc.constant("");

const partsOf: Record<string, [Part, Part, Part, Part]> = {
  YEARLY: [
    part("BYMONTH", few(1, 12)),
    part("BYMONTHDAY", few(-31, 31)),
    part("BYDAY", fc.oneof(weekdays, numbered)),
    part("BYYEARDAY", few(-366, 366)),
  ],
  MONTHLY: [
    part("BYMONTH", few(1, 12)),
    part("BYMONTHDAY", few(-31, 31)),
    part("BYDAY", fc.oneof(weekdays, numbered)),
    none,
  ],
  WEEKLY: [part("BYMONTH", few(1, 12)), part("BYDAY", weekdays), none, none],
  DAILY: [part("BYMONTH", few(1, 12)), part("BYMONTHDAY", few(-31, 31)), part("BYDAY", weekdays), none],
  HOURLY: [part("BYMONTH", few(1, 12)), part("BYDAY", weekdays), part("BYHOUR", few(0, 23)), none],
};

const rule = fc.constantFrom("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY").chain((freq) =>
  fc
    .tuple(
      fc.tuple(...(partsOf[freq] as [Part, Part, Part, Part])),
      part("BYHOUR", few(0, 23)),
      part("BYSETPOS", few(-3, 3)),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom("MO", "SU", "TH"),
    )
    .map(([days, hours, positions, interval, weekStart]) => {
      const parts = [...days, freq === "HOURLY" ? "" : hours].filter((text) => text !== "");
      return [
        `FREQ=${freq}`,
        ...parts,
        parts.length === 0 ? "" : positions,
        `INTERVAL=${interval}`,
        `WKST=${weekStart}`,
      ]
        .filter((text) => text !== "")
        .join(";");
    }),
);

interface Accepted {
  readonly text: string;
  readonly anchor: Civil;
  readonly rule: RecurrenceRule;
  readonly schedule: Schedule;
}

/** A rule that has dates, beside its anchor. */
const accepted: fc.Arbitrary<Accepted> = fc
  .tuple(rule, anchor)
  .map(([text, from]) => {
    const parsed = parsePattern(text, from);
    return parsed.ok ? { text, anchor: from, rule: parsed.rule, schedule: parsed.schedule } : null;
  })
  .filter((value) => value !== null);

const first = (schedule: Schedule, count: number): Civil[] => [...occurrences(schedule, { count })];
const holds = (check: (value: Accepted) => void) => fc.assert(fc.property(accepted, check), { numRuns: 300 });

describe("any rule", () => {
  it("has its dates in order, each once, none before the anchor", () => {
    holds(({ schedule, anchor }) => {
      const dates = first(schedule, 20).map(civilToMs);
      assert.ok(dates.every((date, i) => (i === 0 ? date >= civilToMs(anchor) : date > (dates[i - 1] as number))));
    });
  });

  it("is printed and read again as the same rule", () => {
    holds(({ rule, anchor }) => {
      const again = parsePattern(canonical(rule), anchor);
      assert.ok(again.ok);
      assert.deepEqual(again.rule, rule);
      assert.equal(canonical(again.rule), canonical(rule));
    });
  });

  it("has a sentence that says its frequency", () => {
    holds(({ rule }) => assert.match(sentence(rule), /^every (\d+ )?(hour|day|week|weekday|month|year)/));
  });

  it("finds from any moment what iteration finds", () => {
    holds(({ schedule }) => {
      const dates = first(schedule, 12);
      for (const [i, date] of dates.entries()) {
        assert.deepEqual(nextAtOrAfter(schedule, date), date);
        assert.deepEqual(previousAtOrBefore(schedule, date), date);
        assert.ok(isOccurrence(schedule, date));
        if (i === 0) continue;
        const before = dates[i - 1] as Civil;
        assert.deepEqual(nextAfter(schedule, before), date);
        assert.deepEqual(previousBefore(schedule, date), before);
        const between = civilFromMs(Math.floor((civilToMs(before) + civilToMs(date)) / 2));
        if (civilToMs(between) > civilToMs(before)) assert.deepEqual(nextAtOrAfter(schedule, between), date);
      }
      assert.equal(previousBefore(schedule, dates[0] as Civil), null);
    });
  });

  it("has the same dates from any moment on, in a range, and to its end", () => {
    holds(({ schedule }) => {
      const dates = first(schedule, 12);
      const [from, until] = [dates[3] ?? (dates[0] as Civil), dates.at(-2) ?? (dates.at(-1) as Civil)];
      if (compareCivil(from, until) > 0) return;
      const wanted = dates.filter((date) => compareCivil(date, from) >= 0 && compareCivil(date, until) <= 0);
      assert.deepEqual(occurrencesBetween(schedule, from, until), wanted);
      assert.deepEqual([...occurrences(schedule, { after: from, until })], wanted.slice(1));
    });
  });

  it("keeps to COUNT, wherever the search starts", () => {
    holds(({ rule, schedule, anchor }) => {
      const dates = first(schedule, 10);
      const counted = createSchedule({ ...rule, count: 6 }, anchor);
      assert.deepEqual(first(counted, 100), dates.slice(0, 6));
      assert.equal(nextAfter(counted, dates[5] ?? dates.at(-1) ?? anchor), null);
      assert.deepEqual(previousAtOrBefore(counted, civilFromMs(Date.UTC(9990, 0, 1))), dates[5] ?? dates.at(-1));
    });
  });

  it("keeps to UNTIL, which is included", () => {
    holds(({ rule, schedule, anchor }) => {
      const dates = first(schedule, 10);
      const until = dates[5] ?? dates.at(-1) ?? anchor;
      assert.deepEqual([...occurrences(createSchedule({ ...rule, until }, anchor))], dates.slice(0, 6));
    });
  });

  it("has only dates that its parts allow", () => {
    holds(({ rule, schedule }) => {
      for (const date of first(schedule, 10)) {
        const weekday = dayOfWeek(daysFromCivil(date.year, date.month, date.day));
        assert.ok(rule.byMonth.length === 0 || rule.byMonth.includes(date.month), formatCivil(date));
        assert.ok(rule.byDay.length === 0 || rule.byDay.some((day) => day.weekday === weekday), formatCivil(date));
      }
    });
  });

  it("chooses by BYSETPOS from what it has without", () => {
    holds(({ rule, anchor, schedule }) => {
      if (rule.bySetPos.length === 0 || rule.interval !== 1) return;
      const all = createSchedule({ ...rule, bySetPos: [] }, anchor);
      for (const date of first(schedule, 10)) assert.ok(isOccurrence(all, date), formatCivil(date));
    });
  });
});

describe("any short form", () => {
  const form = fc.oneof(
    fc.constantFrom(
      "daily",
      "daily:",
      "weekly",
      "monthly",
      "yearly",
      "monthly:last",
      "weekly:MON,WED",
      "weekly:friday",
    ),
    few(1, 31).map((days) => `monthly:${days.join(",")}`),
    fc
      .tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom("d", "w", "m", "y"))
      .map(([n, unit]) => `custom:${n}${unit}`),
  );

  it("reads its own canonical rule as itself", () => {
    fc.assert(
      fc.property(form, anchor, (text, from) => {
        const parsed = parsePattern(text, from);
        assert.ok(parsed.ok);
        const again = parsePattern(`RRULE:${canonical(parsed.rule)}`, from);
        assert.ok(again.ok);
        assert.deepEqual(again.rule, parsed.rule);
      }),
    );
  });

  it("by the month, has each day once a month: the one asked for, or the last of a shorter month", () => {
    fc.assert(
      fc.property(few(1, 31), anchor, (days, from) => {
        const parsed = parsePattern(`monthly:${days.join(",")}`, from);
        assert.ok(parsed.ok);
        const month = { ...addDays({ ...dateOf(from), day: 28 }, 4), day: 1 };
        const end = addDays({ ...addDays(month, 31), day: 1 }, -1);
        const wanted = [...new Set(days.map((day) => Math.min(day, end.day)))].toSorted((a, b) => a - b);
        const found = occurrencesBetween(parsed.schedule, month, { ...end, hour: 23, minute: 59, second: 59, ms: 999 });
        assert.deepEqual(
          found.map((date) => date.day),
          wanted,
        );
      }),
    );
  });
});
