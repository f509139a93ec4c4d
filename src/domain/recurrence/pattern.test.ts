import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Civil, formatCivil, parseCivil } from "../civil.ts";
import { canonical, occurrences, parsePattern, type ParsedPattern, sentence } from "../recurrence.ts";

const parse = (text: string, anchor = "2026-01-31", zone = "UTC"): ParsedPattern =>
  parsePattern(text, parseCivil(anchor) as Civil, zone);

function accepted(text: string, anchor?: string, zone?: string): Extract<ParsedPattern, { ok: true }> {
  const parsed = parse(text, anchor, zone);
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.error.message);
  return parsed;
}

const rule = (text: string, anchor?: string, zone?: string): string => canonical(accepted(text, anchor, zone).rule);
const first = (text: string, anchor: string, count = 4): string =>
  [...occurrences(accepted(text, anchor).schedule, { count })].map(formatCivil).join(" ");

describe("patterns that are accepted", () => {
  const cases: [pattern: string, anchor: string, canonical: string, sentence: string][] = [
    ["daily", "2026-01-31", "FREQ=DAILY", "every day"],
    ["daily:", "2026-01-31", "FREQ=DAILY", "every day"],
    [" Daily ", "2026-01-31", "FREQ=DAILY", "every day"],
    ["weekly", "2026-01-31", "FREQ=WEEKLY;BYDAY=SA", "every week on Saturday"],
    ["weekly:MON,WED", "2026-01-31", "FREQ=WEEKLY;BYDAY=MO,WE", "every week on Monday and Wednesday"],
    ["weekly:wednesday, monday", "2026-01-31", "FREQ=WEEKLY;BYDAY=MO,WE", "every week on Monday and Wednesday"],
    ["weekly:MON,TUE,WED,THU,FRI", "2026-01-30", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"],
    ["monthly", "2026-01-15", "FREQ=MONTHLY;BYMONTHDAY=15", "every month on the 15th"],
    ["monthly:1,15", "2026-01-15", "FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on the 1st and 15th"],
    ["monthly:last", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"],
    ["monthly:15,last", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month on the 15th and last day"],
    [
      "monthly:30,last",
      "2026-01-31",
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=3,-1",
      "every month on the 30th and 31st, or on the last day of a shorter month",
    ],
    [
      "monthly",
      "2026-01-31",
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
      "every month on the 31st, or on the last day of a shorter month",
    ],
    [
      "monthly:1,29",
      "2026-01-01",
      "FREQ=MONTHLY;BYMONTHDAY=1,28,29;BYSETPOS=1,-1",
      "every month on the 1st and 29th, or on the last day of a shorter month",
    ],
    ["yearly", "2026-03-15", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15", "every year on March 15"],
    ["yearly", "2024-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every year on February 29, in leap years"],
    ["custom:3d", "2026-01-31", "FREQ=DAILY;INTERVAL=3", "every 3 days"],
    ["custom:2w", "2026-01-31", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "every 2 weeks on Saturday"],
    ["custom:6M", "2026-01-15", "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=15", "every 6 months on the 15th"],
    ["custom:1y", "2026-01-15", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "every year on January 15"],
    ["RRULE:FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", "FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"],
    [
      "rrule:freq=monthly;byday=mo,tu,we,th,fr;bysetpos=-1",
      "2026-01-30",
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
      "every month on the last weekday",
    ],
    ["FREQ=MONTHLY", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=31", "every month on the 31st"],
    [
      "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
      "2026-02-13",
      "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
      "every month on the 13th when it is Friday",
    ],
    ["FREQ=YEARLY;BYWEEKNO=20", "2026-05-11", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year in week 20 on Monday"],
    ["FREQ=YEARLY;BYDAY=20MO", "2026-05-18", "FREQ=YEARLY;BYDAY=20MO", "every year on the 20th Monday of the year"],
    [
      "FREQ=YEARLY;BYYEARDAY=100,-1",
      "2026-04-10",
      "FREQ=YEARLY;BYYEARDAY=100,-1",
      "every year on the 100th and last day of the year",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU",
      "2026-02-01",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU",
      "every 2 weeks on Sunday, weeks starting on Sunday",
    ],
    ["FREQ=DAILY;COUNT=10", "2026-01-31", "FREQ=DAILY;COUNT=10", "every day, 10 times"],
    ["FREQ=DAILY;UNTIL=20261224", "2026-01-31", "FREQ=DAILY;UNTIL=20261224", "every day, until December 24, 2026"],
    [
      "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=30",
      "2026-01-31T09:30",
      "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=30",
      "every day at 09:30 and 18:30",
    ],
    ["FREQ=HOURLY;INTERVAL=6", "2026-01-31T09:00", "FREQ=HOURLY;INTERVAL=6", "every 6 hours"],
    ["FREQ=DAILY;BYMONTH=1,2", "2026-01-31", "FREQ=DAILY;BYMONTH=1,2", "every day in January and February"],
  ];
  for (const [pattern, anchor, wanted, words] of cases) {
    it(`${pattern} from ${anchor}`, () => {
      assert.equal(rule(pattern, anchor), wanted);
      assert.equal(sentence(accepted(pattern, anchor).rule), words);
      assert.equal(rule(wanted, anchor), wanted);
    });
  }
});

describe("days at the end of a month", () => {
  it("keep their anchor in short forms, and follow RFC 5545 in rules", () => {
    assert.equal(first("monthly", "2026-01-31"), "2026-01-31 2026-02-28 2026-03-31 2026-04-30");
    assert.equal(first("monthly", "2024-01-30"), "2024-01-30 2024-02-29 2024-03-30 2024-04-30");
    assert.equal(first("custom:3m", "2025-11-30"), "2025-11-30 2026-02-28 2026-05-30 2026-08-30");
    assert.equal(
      first("monthly:30,31", "2026-01-30", 6),
      "2026-01-30 2026-01-31 2026-02-28 2026-03-30 2026-03-31 2026-04-30",
    );
    assert.equal(first("FREQ=MONTHLY", "2026-01-31"), "2026-01-31 2026-03-31 2026-05-31 2026-07-31");
    assert.equal(first("yearly", "2024-02-29"), "2024-02-29 2028-02-29 2032-02-29 2036-02-29");
  });
});

describe("patterns that are refused", () => {
  const cases: [pattern: string, code: string, part: string][] = [
    ["", "bad_pattern", ""],
    ["sometimes", "bad_pattern", "sometimes"],
    ["daily:3", "bad_pattern", "3"],
    ["weekly:MON,FUNDAY", "bad_pattern", "FUNDAY"],
    ["weekly:MON,", "bad_pattern", ""],
    ["monthly:0", "bad_pattern", "0"],
    ["monthly:1,32", "bad_pattern", "32"],
    ["custom:0d", "bad_pattern", "0d"],
    ["custom:3x", "bad_pattern", "3x"],
    ["custom:1001d", "bad_pattern", "1001d"],
    ["RRULE:", "bad_part", ""],
    ["RRULE:INTERVAL=2", "bad_part", "FREQ"],
    ["FREQ=FORTNIGHTLY", "bad_part", "FREQ=FORTNIGHTLY"],
    ["FREQ=SECONDLY", "unsupported", "FREQ=SECONDLY"],
    ["FREQ=MINUTELY;INTERVAL=15", "unsupported", "FREQ=MINUTELY"],
    ["FREQ=DAILY;INTERVAL=0", "bad_part", "INTERVAL=0"],
    ["FREQ=DAILY;INTERVAL=10001", "unsupported", "INTERVAL=10001"],
    ["FREQ=DAILY;INTERVAL=1.5", "bad_part", "INTERVAL=1.5"],
    ["FREQ=DAILY;COUNT=-1", "bad_part", "COUNT=-1"],
    ["FREQ=DAILY;COUNT=3;UNTIL=20270101", "not_allowed", "COUNT"],
    ["FREQ=DAILY;FREQ=DAILY", "bad_part", "FREQ"],
    ["FREQ=DAILY;", "bad_part", ""],
    ["FREQ=DAILY;BYEASTER=0", "bad_part", "BYEASTER"],
    ["FREQ=DAILY;__PROTO__=1", "bad_part", "__PROTO__"],
    ["FREQ=YEARLY;BYMONTH=13", "bad_part", "BYMONTH=13"],
    ["FREQ=YEARLY;BYMONTHDAY=0", "bad_part", "BYMONTHDAY=0"],
    ["FREQ=YEARLY;BYYEARDAY=367", "bad_part", "BYYEARDAY=367"],
    ["FREQ=YEARLY;BYDAY=54MO", "bad_part", "BYDAY=54MO"],
    ["FREQ=YEARLY;BYDAY=XX", "bad_part", "BYDAY=XX"],
    ["FREQ=WEEKLY;WKST=1", "bad_part", "WKST=1"],
    ["FREQ=DAILY;UNTIL=20260230", "bad_part", "UNTIL=20260230"],
    ["FREQ=DAILY;UNTIL=2026-12-31", "bad_part", "UNTIL=2026-12-31"],
    ["FREQ=DAILY;BYSECOND=60", "unsupported", "BYSECOND=60"],
    ["FREQ=WEEKLY;BYDAY=1MO", "not_allowed", "BYDAY"],
    ["FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "not_allowed", "BYDAY"],
    ["FREQ=MONTHLY;BYWEEKNO=1", "not_allowed", "BYWEEKNO"],
    ["FREQ=DAILY;BYYEARDAY=1", "not_allowed", "BYYEARDAY"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "not_allowed", "BYMONTHDAY"],
    ["FREQ=DAILY;BYSETPOS=1", "not_allowed", "BYSETPOS"],
    ["FREQ=DAILY;BYHOUR=9,18;BYSETPOS=1", "not_allowed", "BYSETPOS"],
    ["FREQ=HOURLY", "not_allowed", "FREQ=HOURLY"],
    ["FREQ=DAILY;UNTIL=20250101", "never", "UNTIL"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never", "BYMONTHDAY=30"],
  ];
  for (const [pattern, code, part] of cases) {
    it(`${pattern}: ${code} ${part}`, () => {
      const parsed = parse(pattern);
      assert.ok(!parsed.ok);
      assert.deepEqual([parsed.error.code, parsed.error.part], [code, part]);
      assert.ok(parsed.error.message.length > 10);
    });
  }

  it("names a part of a long text in short", () => {
    const parsed = parse(`FREQ=DAILY;${"X".repeat(4000)}=1`);
    assert.ok(!parsed.ok && parsed.error.part.length <= 80 && parsed.error.message.length < 400);
    assert.ok(!parse("A".repeat(10_000)).ok);
  });
});

describe("hostile rules", () => {
  const hostile = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
    "FREQ=YEARLY;BYDAY=53SU;BYMONTH=3",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    "FREQ=DAILY;INTERVAL=9999;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=DAILY;COUNT=1000000000",
    "FREQ=WEEKLY;COUNT=1000000000",
    "FREQ=HOURLY;INTERVAL=9999;BYMINUTE=1",
    "FREQ=HOURLY;INTERVAL=2;BYHOUR=8;BYDAY=MO",
    "FREQ=DAILY;BYHOUR=1;BYSETPOS=2",
    "FREQ=WEEKLY;BYMONTH=1;COUNT=1000000000",
    `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, i) => i)};BYMINUTE=${Array.from({ length: 60 }, (_, i) => i)};BYSECOND=0,30`,
    `FREQ=YEARLY;BYHOUR=${Array.from({ length: 24 }, (_, i) => i)};BYMINUTE=${Array.from({ length: 60 }, (_, i) => i)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-366`,
    `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 366 }, (_, i) => i + 1)};BYWEEKNO=${Array.from({ length: 53 }, (_, i) => i + 1)};BYDAY=MO;BYMONTHDAY=31;BYMONTH=2`,
  ];
  for (const pattern of hostile) {
    it(`${pattern.slice(0, 90)} ends with an answer or an error`, () => {
      const parsed = parse(pattern, "1990-01-31T09:00");
      assert.ok(
        parsed.ok || ["never", "too_complex", "not_allowed"].includes(parsed.error.code),
        JSON.stringify(parsed),
      );
      if (parsed.ok) assert.ok([...occurrences(parsed.schedule, { count: 3 })].length > 0);
    });
  }
});

describe("UNTIL", () => {
  it("in UTC is read on the wall clock of the zone", () => {
    assert.equal(
      rule("FREQ=DAILY;UNTIL=20260701T000000Z", "2026-01-31T09:00", "America/New_York"),
      "FREQ=DAILY;UNTIL=20260630T200000",
    );
    assert.equal(
      rule("FREQ=DAILY;UNTIL=20260701T000000Z", "2026-01-31", "America/New_York"),
      "FREQ=DAILY;UNTIL=20260630",
    );
  });

  it("as a date includes the whole day of a timed rule", () => {
    assert.equal(first("FREQ=DAILY;UNTIL=20260201", "2026-01-31T09:00"), "2026-01-31T09:00 2026-02-01T09:00");
  });
});

describe("what is worth telling", () => {
  it("an anchor off the rule is no occurrence", () => {
    const parsed = accepted("weekly:MON", "2026-01-31");
    assert.deepEqual(parsed.warnings, ["due_date_not_on_rule"]);
    assert.equal(formatCivil(parsed.first), "2026-02-02");
    assert.deepEqual(accepted("weekly:SAT", "2026-01-31").warnings, []);
  });

  it("times beside an all-day anchor are ignored", () => {
    const parsed = accepted("FREQ=DAILY;BYHOUR=9,18", "2026-01-31");
    assert.deepEqual(parsed.warnings, ["time_parts_ignored"]);
    assert.equal(canonical(parsed.rule), "FREQ=DAILY");
  });
});
