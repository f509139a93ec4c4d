import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DomainError } from "../../contract/problem.ts";
import { formatOffset, parseOffset, readOffset } from "./offset.ts";

const canonical = (text: string): string | undefined => {
  const offset = parseOffset(text);
  return offset && formatOffset(offset);
};

describe("an offset", () => {
  const readings: readonly (readonly [text: string, iso: string])[] = [
    ["15 minutes", "PT15M"],
    ["15 min", "PT15M"],
    ["15m", "PT15M"],
    ["90 minutes", "PT1H30M"],
    ["1 hour", "PT1H"],
    ["1 hour before", "PT1H"],
    ["1.5 hours", "PT1H30M"],
    ["1h 30m", "PT1H30M"],
    ["1 day", "P1D"],
    ["  2 Days ", "P2D"],
    ["1 week", "P1W"],
    ["7 days", "P1W"],
    ["10 days", "P10D"],
    ["1 day 2 hours", "P1DT2H"],
    ["1 month", "P1M"],
    ["1 year", "P1Y"],
    ["30 s", "PT30S"],
    ["0 minutes", "PT0S"],
    ["PT15M", "PT15M"],
    ["pt15m", "PT15M"],
    ["P1D", "P1D"],
    ["P7D", "P1W"],
    ["P1W", "P1W"],
    ["PT24H", "PT24H"],
    ["PT1H30M", "PT1H30M"],
    ["PT0.5H", "PT30M"],
    ["PT0,5S", "PT0.5S"],
    ["P1DT12H", "P1DT12H"],
    ["P1M2W", "P1M14D"],
    ["P12M", "P1Y"],
    ["PT0S", "PT0S"],
    ["P0D", "PT0S"],
  ];
  for (const [text, iso] of readings) it(`“${text}” is ${iso}`, () => assert.equal(canonical(text), iso));

  for (const text of [
    "",
    " ",
    "soon",
    "15",
    "minutes",
    "15 parsecs",
    "1.5 days",
    "0.5 month",
    "P",
    "PT",
    "P1H",
    "PT1D",
    "P1.5D",
    "1 day before lunch",
    "15 minutes 3",
    "1 constructor",
  ])
    it(`“${text}” is none`, () => assert.equal(parseOffset(text), undefined));

  it("has one canonical text, which is read as itself", () => {
    const offsets = fc
      .tuple(fc.nat(24), fc.nat(400), fc.nat(100_000_000))
      .map(([months, days, ms]) => ({ months, days, ms }));
    fc.assert(
      fc.property(offsets, (offset) => {
        assert.deepEqual(parseOffset(formatOffset(offset)), offset);
      }),
    );
  });

  it("is read or refused, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) =>
        assert.equal(canonical(canonical(text) ?? "PT0S"), canonical(text) ?? "PT0S"),
      ),
    );
  });
});

describe("an offset that a client sent", () => {
  const refused = (text: string): string => {
    try {
      readOffset("offset", text);
    } catch (error) {
      assert.ok(
        error instanceof DomainError && error.code === "validation" && error.extras.errors?.[0]?.field === "offset",
      );
      return error.message;
    }
    assert.fail(`${text} was taken`);
  };

  it("is refused by the field's name, and says why", () => {
    assert.match(refused("soon"), /must be a time span/);
    assert.match(refused("-PT15M"), /negative/);
    assert.match(refused("-15 minutes"), /negative/);
    for (const text of ["367 days", "P1Y1D", "P13M", "9000 hours", "P99999999999999999999D", "P1YT1S"])
      assert.match(refused(text), /at most a year/);
  });

  it("may be a year long", () => {
    for (const text of ["1 year", "12 months", "366 days", "P1Y"]) assert.ok(readOffset("offset", text));
  });
});
