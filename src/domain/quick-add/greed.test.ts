import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatCivil } from "../civil.ts";
import { parsePattern, sentence } from "../recurrence.ts";
import { english } from "./english.ts";
import { parseQuickAdd, type QuickAddContext } from "./quick-add.ts";

const now = { year: 2026, month: 11, day: 30, hour: 12, minute: 0, second: 0, ms: 0 };
const context: QuickAddContext = { now, weekStart: 0, isDayFirst: true, allDayHour: 9, language: english };

describe("what is no date stays in the title", () => {
  const titles = [
    "Read The Sun also rises",
    "second hand bike",
    "March for science",
    "Tomorrow Never Dies",
    "Call Tom",
    "Black Friday",
    "Just another Manic Monday",
    "The Day After Tomorrow",
    "Deep Space Nine",
    "May the force be with you",
    "One day at a time",
    "Report for march",
    "Seven years a slave",
    "9-5 job",
    "12 Monkeys",
    "buy 1/2 cup of sugar",
    "C# and a+b and #1",
    "https://example.org/2027-01-15/tomorrow",
    "tomorrow@example.org",
    "Remind me to breathe",
    "every which way but loose",
    "Daily standup notes",
    "Friday",
    "tomorrow",
    "at nine",
    "🎉 party 🎉",
    "مهمة جديدة",
    "買い物",
  ];

  for (const title of titles)
    it(title, () => {
      const { task, understood } = parseQuickAdd(title, context);
      assert.deepEqual([task, understood], [{ title }, []]);
    });

  it("and says why where it looks like one", () => {
    for (const [text, part, reason] of [
      ["Party 31 feb", "31 feb", "the calendar has no such day"],
      ["Party 2027-02-30", "2027-02-30", "the calendar has no such day"],
      ["Party 25:00", "25:00", "no clock has such a time"],
      ["Party 13pm", "13pm", "no clock has such a time"],
      ["Party 9am Mars/Phobos", "9am Mars/Phobos", "there is no such time zone"],
    ] as const) {
      const { task, refused } = parseQuickAdd(text, context);
      assert.deepEqual([task, refused.map((each) => [each.text, each.reason])], [{ title: text }, [[part, reason]]]);
    }
  });
});

describe("what is meant literally", () => {
  it("stands in quotes or behind a backslash", () => {
    assert.deepEqual(parseQuickAdd('Watch "Friday" on friday', context).task, {
      title: 'Watch "Friday"',
      due_date: "2026-12-04",
    });
    assert.deepEqual(parseQuickAdd("Say \\tomorrow", context).task, { title: "Say tomorrow" });
    assert.deepEqual(parseQuickAdd("\\!high and \\o/", context).task, { title: "!high and o/" });
  });

  it("was dismissed, and stays so", () => {
    const text = "Call Bob friday 9am";
    const [start, end] = [text.indexOf("friday"), text.indexOf(" 9am")];
    const { task, understood } = parseQuickAdd(text, { ...context, dismissed: [{ start, end }] });
    assert.deepEqual(task, { title: "Call Bob friday", due_date: "2026-12-01T09:00" });
    assert.deepEqual(
      understood.map((part) => part.text),
      ["9am"],
    );
  });
});

const words = [
  ...english.words.keys(),
  ...'3 15 2027 9am 21:00 15/1 1st 31st 2027-01-15 ! , . ( ) " \\ # + > !high p1 rent Bob 🎉 é'.split(" "),
];
const line = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "grapheme", maxLength: 8 })), { maxLength: 14 })
  .map((parts) => parts.join(" "));

describe("any text", () => {
  it("is understood; the parts lie in it, in order, and the title is what is left", () =>
    fc.assert(
      fc.property(line, (text) => {
        const { task, understood, refused } = parseQuickAdd(text, context);
        let end = 0;
        for (const part of understood) {
          assert.ok(part.start >= end && part.end > part.start && part.end <= text.length);
          assert.equal(part.text, text.slice(part.start, part.end));
          ({ end } = part);
        }
        for (const part of refused) assert.equal(part.text, text.slice(part.start, part.end));
        const left = understood.reduceRight((rest, part) => rest.slice(0, part.start) + rest.slice(part.end), text);
        const bare = (value: string): string => value.replaceAll(/[\s\\]+/g, "");
        assert.equal(bare(task.title), bare(left));
        if (understood.length === 0) assert.equal(bare(task.title), bare(text));
      }),
      { numRuns: 3_000 },
    ));

  it("without words of dates stays as it is", () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom("rent", "Bob", "milk", "é", "🎉"), { minLength: 1 }), (parts) => {
        const title = parts.join(" ");
        assert.deepEqual(parseQuickAdd(title, context), { task: { title }, understood: [], refused: [] });
      }),
    ));
});

describe("a rule in words", () => {
  const patterns = [
    "daily",
    "weekly:MON,FRI",
    "monthly:1,15",
    "monthly:last",
    "monthly:31",
    "yearly",
    "custom:3d",
    "custom:2m",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15",
    "FREQ=DAILY;COUNT=10",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15",
    "FREQ=HOURLY;INTERVAL=6",
  ];

  for (const pattern of patterns)
    it(`is read back as the same rule: ${pattern}`, () => {
      const anchor = { year: 2026, month: 12, day: 15, hour: 9, minute: 0, second: 0, ms: 0 };
      const written = parsePattern(pattern, anchor);
      assert.ok(written.ok);
      const text = sentence(written.rule);
      const { task } = parseQuickAdd(`Water plants ${text} starting 2026-12-15 at 9:00`, context);
      assert.equal(task.title, "Water plants", text);
      const read = parsePattern(task.recurrence_pattern ?? "", anchor);
      assert.ok(read.ok);
      assert.deepEqual(sentence(read.rule), text);
      // Of every other week the first is the next such day, whichever week that is in.
      if (written.rule.interval === 1) assert.equal(task.due_date, formatCivil(written.first), text);
    });
});
