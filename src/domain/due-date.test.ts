import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dueSpan, formatDueDate, parseDueDate } from "./due-date.ts";

const spanOf = (text: string, zone: string): { dueAt: string; overdueAt: string } => {
  const due = parseDueDate(text);
  assert.ok(due, `${text} is a due date`);
  const { dueAt, overdueAt } = dueSpan(due, zone);
  return { dueAt: new Date(dueAt).toISOString(), overdueAt: new Date(overdueAt).toISOString() };
};

const dueAt = (text: string, zone: string): string => spanOf(text, zone).dueAt;

describe("the kind of a due date is the one it was given", () => {
  const texts: readonly (readonly [text: string, kind: string, canonical: string])[] = [
    ["2026-03-01", "date", "2026-03-01"],
    ["2028-02-29", "date", "2028-02-29"],
    ["1900-01-01", "date", "1900-01-01"],
    ["9999-12-31", "date", "9999-12-31"],
    ["2026-03-01T09:00", "wall-clock", "2026-03-01T09:00"],
    ["2026-03-01T09:00:00", "wall-clock", "2026-03-01T09:00"],
    ["2026-03-01T09:00:30", "wall-clock", "2026-03-01T09:00:30"],
    ["2026-03-01T09:00:30.250", "wall-clock", "2026-03-01T09:00:30"],
    ["2026-03-01T00:00", "wall-clock", "2026-03-01T00:00"],
    ["2026-03-01T09:00:00Z", "instant", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01T09:00Z", "instant", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01t09:00:00z", "instant", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01 09:00:00Z", "instant", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01T09:00:00+05:30", "instant", "2026-03-01T03:30:00.000Z"],
    ["2026-03-01T00:30:00+14:00", "instant", "2026-02-28T10:30:00.000Z"],
    ["2026-12-31T23:30:00-08:00", "instant", "2027-01-01T07:30:00.000Z"],
    ["2026-03-01T09:00:00.123456789Z", "instant", "2026-03-01T09:00:00.123Z"],
    ["2026-03-01T09:00:00.5Z", "instant", "2026-03-01T09:00:00.500Z"],
  ];
  for (const [text, kind, canonical] of texts)
    it(`${text} is ${kind} ${canonical}`, () => {
      const due = parseDueDate(text);
      assert.equal(due?.kind, kind);
      assert.equal(due && formatDueDate(due), canonical);
    });
});

describe("what is no due date", () => {
  const texts = [
    "",
    " ",
    "today",
    "2026",
    "2026-3-1",
    "2026-03",
    "2026-03-32",
    "2026-02-29",
    "2100-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-03-00",
    "26-03-01",
    "02026-03-01",
    "-2026-03-01",
    "+2026-03-01",
    "0000-01-01",
    "1899-12-31",
    "1899-12-31T23:59:59Z",
    "10000-01-01",
    "2026-03-01T",
    "2026-03-01T9:00",
    "2026-03-01T24:00",
    "2026-03-01T23:60",
    "2026-03-01T23:59:60",
    "2026-03-01T23:59:60Z",
    "2026-03-01 09:00",
    "2026-03-01Z",
    "2026-03-01+01:00",
    "2026-03-01T09:00+1:00",
    "2026-03-01T09:00+0100",
    "2026-03-01T09:00+24:00",
    "2026-03-01T09:00+00:60",
    "2026-02-30T09:00Z",
    "2026-03-01T25:00Z",
    "2026-03-01T09:00:00.Z",
    "2026-03-01T09:00:00.1234567890Z",
    "9999-12-31T23:59:59-23:59",
    "2026-03-01T09:00Z\n",
    "2026-03-01\n",
    " 2026-03-01",
    "2026-03-01 ",
    "２０２６-03-01",
    "2026-03-01\u0000",
    "2026-03-01T09:00ZZ",
    "2026-W09-7",
    "2026-060",
    "1772355600",
    "P1D",
    "null",
    "__proto__",
    "constructor",
    "'; DROP TABLE tasks; --",
    "9".repeat(10_000),
    "Z",
    "+00:00",
    ":Z",
  ];
  for (const text of texts) it(JSON.stringify(text).slice(0, 60), () => assert.equal(parseDueDate(text), undefined));

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseDueDate(text)));
    const pieces = fc.array(fc.constantFrom("2026", "-", "03", "01", "T", "Z", ":", "09", "+", ".", "0", " ", "99"), {
      maxLength: 12,
    });
    fc.assert(fc.property(pieces, (parts) => void parseDueDate(parts.join(""))));
  });
});

describe("the canonical text", () => {
  const texts = fc
    .tuple(
      fc.date({ min: new Date("1900-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
      fc.constantFrom(10, 16, 19, 24),
    )
    .map(([date, length]) => date.toISOString().slice(0, length));

  it("is read as what it was written from, and is its own canonical text", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const due = parseDueDate(text);
        assert.ok(due);
        const canonical = formatDueDate(due);
        assert.deepEqual(parseDueDate(canonical), due);
        assert.equal(formatDueDate(parseDueDate(canonical) ?? due), canonical);
      }),
    );
  });
});

describe("when it is due", () => {
  it("an instant is the same everywhere", () => {
    for (const zone of ["UTC", "Asia/Tokyo", "America/New_York"])
      assert.equal(dueAt("2026-03-01T09:00:00+01:00", zone), "2026-03-01T08:00:00.000Z");
  });

  it("a wall-clock time moves with the user", () => {
    assert.equal(dueAt("2026-03-01T09:00", "UTC"), "2026-03-01T09:00:00.000Z");
    assert.equal(dueAt("2026-03-01T09:00", "America/New_York"), "2026-03-01T14:00:00.000Z");
    assert.equal(dueAt("2026-03-01T09:00", "Asia/Kolkata"), "2026-03-01T03:30:00.000Z");
    assert.equal(dueAt("2026-03-01T09:00", "Pacific/Kiritimati"), "2026-02-28T19:00:00.000Z");
  });

  it("a day is overdue when it is over, a time when it has come", () => {
    assert.deepEqual(spanOf("2026-03-01", "Europe/Rome"), {
      dueAt: "2026-02-28T23:00:00.000Z",
      overdueAt: "2026-03-01T23:00:00.000Z",
    });
    assert.deepEqual(spanOf("2026-03-01T09:00", "Europe/Rome"), {
      dueAt: "2026-03-01T08:00:00.000Z",
      overdueAt: "2026-03-01T08:00:00.000Z",
    });
    assert.deepEqual(spanOf("2026-03-01T09:00Z", "Europe/Rome"), {
      dueAt: "2026-03-01T09:00:00.000Z",
      overdueAt: "2026-03-01T09:00:00.000Z",
    });
  });

  it("09:00 stays 09:00 on both sides of a change of the clocks", () => {
    assert.equal(dueAt("2026-03-28T09:00", "Europe/Rome"), "2026-03-28T08:00:00.000Z");
    assert.equal(dueAt("2026-03-29T09:00", "Europe/Rome"), "2026-03-29T07:00:00.000Z");
  });

  it("a time that does not exist moves forward, one that exists twice is the first", () => {
    assert.equal(dueAt("2026-03-29T02:30", "Europe/Rome"), "2026-03-29T01:30:00.000Z", "03:30 on the clock");
    assert.equal(dueAt("2026-10-25T02:30", "Europe/Rome"), "2026-10-25T00:30:00.000Z");
  });

  it("a day may have 23, 24 or 25 hours, and may begin after midnight", () => {
    const hours = (text: string, zone: string): number => {
      const span = spanOf(text, zone);
      return (Date.parse(span.overdueAt) - Date.parse(span.dueAt)) / 3_600_000;
    };
    assert.deepEqual(
      ["2026-03-28", "2026-03-29", "2026-10-25"].map((day) => hours(day, "Europe/Rome")),
      [24, 23, 25],
    );
    assert.equal(
      dueAt("2018-11-04", "America/Sao_Paulo"),
      "2018-11-04T03:00:00.000Z",
      "01:00 on the clock: midnight was skipped",
    );
    assert.equal(hours("2018-11-04", "America/Sao_Paulo"), 23);
  });

  it("a day that a zone left out is over as it begins", () => {
    const { dueAt: begins, overdueAt: ends } = spanOf("2011-12-30", "Pacific/Apia");
    assert.equal(begins, "2011-12-30T10:00:00.000Z");
    assert.equal(ends, begins);
  });

  it("has a four-digit year even at the end of the calendar", () => {
    const end = "9999-12-31T23:59:59.999Z";
    assert.deepEqual(spanOf("9999-12-31", "America/New_York"), { dueAt: "9999-12-31T05:00:00.000Z", overdueAt: end });
    assert.deepEqual(spanOf("9999-12-31T23:59", "America/New_York"), { dueAt: end, overdueAt: end });
  });

  it("never is overdue before it is due, and days follow each other without a gap", () => {
    const days = fc
      .integer({ min: 0, max: 60_000 })
      .map((day) => new Date(Date.UTC(1970, 0, 1 + day)).toISOString().slice(0, 10));
    const zones = fc.constantFrom(
      "UTC",
      "Europe/Rome",
      "America/New_York",
      "Pacific/Apia",
      "Asia/Tehran",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "America/Vancouver",
    );
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        const span = spanOf(day, zone);
        const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
        assert.ok(span.dueAt <= span.overdueAt);
        assert.equal(dueAt(next, zone), span.overdueAt);
      }),
    );
  });
});
