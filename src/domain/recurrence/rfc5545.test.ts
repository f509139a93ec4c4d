import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Civil, formatCivil, parseCivil } from "../civil.ts";
import { occurrences, parsePattern } from "../recurrence.ts";

/** The first `count` occurrences; with `New_York` an UNTIL in UTC is read as the RFC's examples mean it. */
function dates(rule: string, anchor: string, count: number): string[] {
  const parsed = parsePattern(rule, parseCivil(anchor) as Civil, "America/New_York");
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.error.message);
  return [...occurrences(parsed.schedule, { count })].map(formatCivil);
}

/** `1997: Sep 2-4, Oct 1` → the dates, each at 09:00. */
function at9(text: string): string[] {
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  return text.split(";").flatMap((line) => {
    const [year = "", rest = ""] = line.trim().split(": ");
    return rest.split(", ").flatMap((group) => {
      const [month = "", ...days] = group.split(" ");
      return days.flatMap((span) => {
        const [first, last = first] = span.split("-").map(Number) as [number, number?];
        return Array.from(
          { length: last - first + 1 },
          (_, i) =>
            `${year}-${String(months.indexOf(month) + 1).padStart(2, "0")}-${String(first + i).padStart(2, "0")}T09:00`,
        );
      });
    });
  });
}

/** The examples of RFC 5545 §3.8.5.3 with the dates it gives; "…" in the RFC is the end of the list here. */
const examples: [what: string, rule: string, anchor: string, expected: string][] = [
  ["daily for 10 occurrences", "FREQ=DAILY;COUNT=10", "1997-09-02T09:00", "1997: Sep 2-11"],
  [
    "every other day",
    "FREQ=DAILY;INTERVAL=2",
    "1997-09-02T09:00",
    "1997: Sep 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30, Oct 2 4",
  ],
  ["every 10 days, 5 occurrences", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02T09:00", "1997: Sep 2 12 22, Oct 2 12"],
  [
    "every day in January, by the year",
    "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
    "1998-01-01T09:00",
    "1998: Jan 1-31; 1999: Jan 1-31; 2000: Jan 1-31",
  ],
  [
    "every day in January, by the day",
    "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    "1998-01-01T09:00",
    "1998: Jan 1-31; 1999: Jan 1-31; 2000: Jan 1-31",
  ],
  [
    "weekly for 10 occurrences",
    "FREQ=WEEKLY;COUNT=10",
    "1997-09-02T09:00",
    "1997: Sep 2 9 16 23 30, Oct 7 14 21 28, Nov 4",
  ],
  [
    "weekly until December 24",
    "FREQ=WEEKLY;UNTIL=19971224T000000Z",
    "1997-09-02T09:00",
    "1997: Sep 2 9 16 23 30, Oct 7 14 21 28, Nov 4 11 18 25, Dec 2 9 16 23",
  ],
  [
    "every other week",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "1997-09-02T09:00",
    "1997: Sep 2 16 30, Oct 14 28, Nov 11 25, Dec 9 23; 1998: Jan 6 20, Feb 3 17",
  ],
  [
    "weekly on Tuesday and Thursday until October 7",
    "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
    "1997-09-02T09:00",
    "1997: Sep 2 4 9 11 16 18 23 25 30, Oct 2",
  ],
  [
    "weekly on Tuesday and Thursday, 10 occurrences",
    "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
    "1997-09-02T09:00",
    "1997: Sep 2 4 9 11 16 18 23 25 30, Oct 2",
  ],
  [
    "every other week on Monday, Wednesday and Friday until December 24",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
    "1997-09-01T09:00",
    "1997: Sep 1 3 5 15 17 19 29, Oct 1 3 13 15 17 27 29 31, Nov 10 12 14 24 26 28, Dec 8 10 12 22",
  ],
  [
    "every other week on Tuesday and Thursday, 8 occurrences",
    "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
    "1997-09-02T09:00",
    "1997: Sep 2 4 16 18 30, Oct 2 14 16",
  ],
  [
    "monthly on the first Friday, 10 occurrences",
    "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
    "1997-09-05T09:00",
    "1997: Sep 5, Oct 3, Nov 7, Dec 5; 1998: Jan 2, Feb 6, Mar 6, Apr 3, May 1, Jun 5",
  ],
  [
    "monthly on the first Friday until December 24",
    "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
    "1997-09-05T09:00",
    "1997: Sep 5, Oct 3, Nov 7, Dec 5",
  ],
  [
    "every other month on the first and last Sunday",
    "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
    "1997-09-07T09:00",
    "1997: Sep 7 28, Nov 2 30; 1998: Jan 4 25, Mar 1 29, May 3 31",
  ],
  [
    "monthly on the second-to-last Monday",
    "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
    "1997-09-22T09:00",
    "1997: Sep 22, Oct 20, Nov 17, Dec 22; 1998: Jan 19, Feb 16",
  ],
  [
    "monthly on the third-to-last day",
    "FREQ=MONTHLY;BYMONTHDAY=-3",
    "1997-09-28T09:00",
    "1997: Sep 28, Oct 29, Nov 28, Dec 29; 1998: Jan 29, Feb 26",
  ],
  [
    "monthly on the 2nd and 15th",
    "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
    "1997-09-02T09:00",
    "1997: Sep 2 15, Oct 2 15, Nov 2 15, Dec 2 15; 1998: Jan 2 15",
  ],
  [
    "monthly on the first and last day",
    "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
    "1997-09-30T09:00",
    "1997: Sep 30, Oct 1 31, Nov 1 30, Dec 1 31; 1998: Jan 1 31, Feb 1",
  ],
  [
    "every 18 months on the 10th to 15th",
    "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
    "1997-09-10T09:00",
    "1997: Sep 10-15; 1999: Mar 10-13",
  ],
  [
    "every Tuesday, every other month",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
    "1997-09-02T09:00",
    "1997: Sep 2 9 16 23 30, Nov 4 11 18 25; 1998: Jan 6 13 20 27, Mar 3 10 17 24 31",
  ],
  [
    "yearly in June and July",
    "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
    "1997-06-10T09:00",
    "1997: Jun 10, Jul 10; 1998: Jun 10, Jul 10; 1999: Jun 10, Jul 10; 2000: Jun 10, Jul 10; 2001: Jun 10, Jul 10",
  ],
  [
    "every other year on January, February and March",
    "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
    "1997-03-10T09:00",
    "1997: Mar 10; 1999: Jan 10, Feb 10, Mar 10; 2001: Jan 10, Feb 10, Mar 10; 2003: Jan 10, Feb 10, Mar 10",
  ],
  [
    "every third year on the 1st, 100th and 200th day",
    "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
    "1997-01-01T09:00",
    "1997: Jan 1, Apr 10, Jul 19; 2000: Jan 1, Apr 9, Jul 18; 2003: Jan 1, Apr 10, Jul 19; 2006: Jan 1",
  ],
  [
    "every 20th Monday of the year",
    "FREQ=YEARLY;BYDAY=20MO",
    "1997-05-19T09:00",
    "1997: May 19; 1998: May 18; 1999: May 17",
  ],
  [
    "Monday of week 20",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "1997-05-12T09:00",
    "1997: May 12; 1998: May 11; 1999: May 17",
  ],
  [
    "every Thursday in March",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
    "1997-03-13T09:00",
    "1997: Mar 13 20 27; 1998: Mar 5 12 19 26; 1999: Mar 4 11 18 25",
  ],
  [
    "every Thursday in the summer",
    "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
    "1997-06-05T09:00",
    "1997: Jun 5 12 19 26, Jul 3 10 17 24 31, Aug 7 14 21 28; 1998: Jun 4 11 18 25, Jul 2 9 16 23 30, Aug 6 13 20 27",
  ],
  [
    "every Friday the 13th (an anchor off the rule is no occurrence)",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "1997-09-02T09:00",
    "1998: Feb 13, Mar 13, Nov 13; 1999: Aug 13; 2000: Oct 13",
  ],
  [
    "the first Saturday after the first Sunday",
    "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
    "1997-09-13T09:00",
    "1997: Sep 13, Oct 11, Nov 8, Dec 13; 1998: Jan 10, Feb 7, Mar 7, Apr 11, May 9, Jun 13",
  ],
  [
    "U.S. Presidential Election day",
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
    "1996-11-05T09:00",
    "1996: Nov 5; 2000: Nov 7; 2004: Nov 2",
  ],
  [
    "the third Tuesday, Wednesday or Thursday",
    "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
    "1997-09-04T09:00",
    "1997: Sep 4, Oct 7, Nov 6",
  ],
  [
    "the second-to-last weekday",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
    "1997-09-29T09:00",
    "1997: Sep 29, Oct 30, Nov 27, Dec 30; 1998: Jan 29, Feb 26, Mar 30",
  ],
  ["WKST is Monday", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05T09:00", "1997: Aug 5 10 19 24"],
  ["WKST is Sunday", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00", "1997: Aug 5 17 19 31"],
  [
    "an invalid date (February 30) is ignored",
    "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
    "2007-01-15T09:00",
    "2007: Jan 15 30, Feb 15, Mar 15 30",
  ],
];

describe("RFC 5545 §3.8.5.3", () => {
  for (const [what, rule, anchor, expected] of examples) {
    it(what, () => {
      const wanted = at9(expected);
      const isWhole = /COUNT|UNTIL/.test(rule);
      assert.deepEqual(dates(rule, anchor, isWhole ? wanted.length + 1 : wanted.length), wanted);
    });
  }

  it("daily until December 24", () => {
    const found = dates("FREQ=DAILY;UNTIL=19971224T000000Z", "1997-09-02T09:00", 200);
    assert.deepEqual([found.length, found[0], found.at(-1)], [113, "1997-09-02T09:00", "1997-12-23T09:00"]);
  });

  it("every 3 hours from 9:00 to 17:00 of one day", () => {
    assert.deepEqual(dates("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "1997-09-02T09:00", 9), [
      "1997-09-02T09:00",
      "1997-09-02T12:00",
      "1997-09-02T15:00",
    ]);
  });

  it("every 20 minutes from 9:00 to 16:40, said by the day", () => {
    const found = dates("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", "1997-09-02T09:00", 25);
    assert.deepEqual(found.slice(0, 4), [
      "1997-09-02T09:00",
      "1997-09-02T09:20",
      "1997-09-02T09:40",
      "1997-09-02T10:00",
    ]);
    assert.deepEqual(found.slice(23), ["1997-09-02T16:40", "1997-09-03T09:00"]);
  });

  it("refuses the MINUTELY ones: a task repeats at most every hour", () => {
    for (const rule of [
      "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
      "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
      "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
    ]) {
      const parsed = parsePattern(rule, parseCivil("1997-09-02T09:00") as Civil);
      assert.equal(parsed.ok ? "" : parsed.error.code, "unsupported");
    }
  });
});
