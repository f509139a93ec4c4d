/** One line of the conformance table: an RRULE beside a due date on the wall clock. */
export interface ConformanceRule {
  readonly rule: string;
  readonly anchor: string;
}

/**
 * Every example of RFC 5545 §3.8.5.3 that a task can use. UNTIL is on New York's wall clock here, as the due date is.
 */
export const rfcExamples: readonly ConformanceRule[] = [
  ["FREQ=DAILY;COUNT=10", "1997-09-02T09:00"],
  ["FREQ=DAILY;UNTIL=19971223T190000", "1997-09-02T09:00"],
  ["FREQ=DAILY;INTERVAL=2", "1997-09-02T09:00"],
  ["FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02T09:00"],
  ["FREQ=YEARLY;UNTIL=20000131T090000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998-01-01T09:00"],
  ["FREQ=DAILY;UNTIL=20000131T090000;BYMONTH=1", "1998-01-01T09:00"],
  ["FREQ=WEEKLY;COUNT=10", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;UNTIL=19971223T190000", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;UNTIL=19971006T200000;WKST=SU;BYDAY=TU,TH", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223T190000;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01T09:00"],
  ["FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02T09:00"],
  ["FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05T09:00"],
  ["FREQ=MONTHLY;UNTIL=19971223T190000;BYDAY=1FR", "1997-09-05T09:00"],
  ["FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07T09:00"],
  ["FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22T09:00"],
  ["FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28T09:00"],
  ["FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02T09:00"],
  ["FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30T09:00"],
  ["FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09-10T09:00"],
  ["FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-02T09:00"],
  ["FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10T09:00"],
  ["FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03-10T09:00"],
  ["FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01T09:00"],
  ["FREQ=YEARLY;BYDAY=20MO", "1997-05-19T09:00"],
  ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12T09:00"],
  ["FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13T09:00"],
  ["FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997-06-05T09:00"],
  ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02T09:00"],
  ["FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13T09:00"],
  ["FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05T09:00"],
  ["FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04T09:00"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29T09:00"],
  ["FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", "1997-09-02T09:00"],
  ["FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", "1997-09-02T09:00"],
  ["FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05T09:00"],
  ["FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00"],
  ["FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15T09:00"],
].map(([rule, anchor]) => ({ rule: rule as string, anchor: anchor as string }));

/** The values of each part that are combined below, for the frequencies that allow the part. */
const partsOf: Record<string, readonly string[]> = {
  YEARLY: [
    "BYMONTH=2,10",
    "BYWEEKNO=1,20,53",
    "BYWEEKNO=-1",
    "BYYEARDAY=1,60,-1",
    "BYYEARDAY=366",
    "BYMONTHDAY=1,31",
    "BYMONTHDAY=-1",
    "BYDAY=TU,TH",
    "BYDAY=1MO,-1FR",
    "BYHOUR=8,18",
  ],
  MONTHLY: [
    "BYMONTH=2,10",
    "BYMONTHDAY=1,31",
    "BYMONTHDAY=-1,-30",
    "BYMONTHDAY=13",
    "BYDAY=TU,TH",
    "BYDAY=2MO,-1FR",
    "BYDAY=5WE",
    "BYHOUR=8,18",
    "BYMINUTE=0,45",
  ],
  WEEKLY: ["BYMONTH=2,10", "BYDAY=MO,FR", "BYDAY=SU,TU", "BYHOUR=8,18", "BYMINUTE=0,45"],
  DAILY: ["BYMONTH=2,10", "BYMONTHDAY=1,-1", "BYMONTHDAY=13", "BYDAY=TU,TH", "BYHOUR=8,18", "BYMINUTE=0,45"],
  HOURLY: ["BYMONTH=2,10", "BYYEARDAY=1,60,-1", "BYMONTHDAY=1,-1", "BYDAY=TU,TH", "BYHOUR=8,9,18", "BYMINUTE=0,45"],
};

/** What is added to each combination in turn, so that every addition meets every kind of rule. */
const additions = [
  "",
  "INTERVAL=2",
  "COUNT=7",
  "INTERVAL=3;WKST=SU",
  "BYSETPOS=1",
  "BYSETPOS=-1;INTERVAL=2",
  "UNTIL=20310615T120000",
  "BYSETPOS=2,-2;WKST=TH",
];
const anchors = ["2024-02-29T08:30", "2026-01-31T09:00", "2026-11-22T18:00"];

function* combinations(): Generator<ConformanceRule> {
  let turn = 0;
  for (const [freq, parts] of Object.entries(partsOf)) {
    for (const chosen of subsets(parts)) {
      for (const addition of [additions[turn % additions.length], additions[(turn + 3) % additions.length]]) {
        if (addition?.includes("BYSETPOS") && !givesSets(freq, chosen)) continue;
        const rule = [`FREQ=${freq}`, ...chosen, ...(addition === "" ? [] : [addition])].join(";");
        yield { rule, anchor: anchors[turn % anchors.length] as string };
      }
      turn += 1;
    }
  }
}

/** BYSETPOS needs a set of more than one: within a day or an hour, only times of day make one. */
function givesSets(freq: string, chosen: readonly string[]): boolean {
  if (freq === "HOURLY") return chosen.some((part) => part.startsWith("BYMINUTE"));
  return freq === "DAILY" ? chosen.some((part) => /^BY(HOUR|MINUTE)/.test(part)) : chosen.length > 0;
}

/** No part, each part, and each two parts of different names that RFC 5545 allows together. */
function subsets(parts: readonly string[]): string[][] {
  const name = (part: string): string => part.split("=")[0] as string;
  const pairs = parts.flatMap((first, i) =>
    parts
      .slice(i + 1)
      .filter((second) => name(first) !== name(second))
      .map((second) => [first, second]),
  );
  const numberedInWeeks = (pair: string[]): boolean =>
    pair.some((part) => part.startsWith("BYWEEKNO")) && pair.some((part) => /BYDAY=-?\d/.test(part));
  return [[], ...parts.map((part) => [part]), ...pairs.filter((pair) => !numberedInWeeks(pair))];
}

/** Rules on which implementations are known to differ, beside those the combinations find. */
const contested: readonly ConformanceRule[] = [
  { rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", anchor: "2026-11-25T09:00" },
  { rule: "FREQ=MONTHLY;BYDAY=MO,2TU", anchor: "2026-11-02T09:00" },
  { rule: "FREQ=YEARLY;BYDAY=1SU,MO;BYMONTH=3", anchor: "2026-03-01T09:00" },
  { rule: "FREQ=MONTHLY", anchor: "2026-01-31T09:00" },
  { rule: "FREQ=YEARLY", anchor: "2024-02-29T09:00" },
];

export const conformanceRules: readonly ConformanceRule[] = [...rfcExamples, ...combinations(), ...contested];
