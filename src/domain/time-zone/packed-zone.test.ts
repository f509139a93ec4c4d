import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Transitions, unpackBase60, unpackZone } from "./packed-zone.ts";
import { extendByLastRule } from "./yearly-rule.ts";

const hour = 3_600_000;

/** 01:00 UTC of the last Sunday of a month. */
function lastSunday(year: number, month: number): number {
  const end = new Date(Date.UTC(year, month, 0, 1));
  return end.getTime() - end.getUTCDay() * 24 * hour;
}

/** 00:00 UTC of the last Thursday of October. */
function lastThursday(year: number): number {
  const end = new Date(Date.UTC(year, 10, 0));
  return end.getTime() - ((end.getUTCDay() + 3) % 7) * 24 * hour;
}

/** Two changes a year until `lastYear`: the last Sundays of March and October at 01:00 UTC. */
function european(lastYear: number): Transitions {
  const untils = Array.from({ length: 15 }, (_, i) => lastYear - 14 + i).flatMap((year) => [
    lastSunday(year, 3),
    lastSunday(year, 10),
  ]);
  return { untils, offsets: [0, ...untils.map((_, i) => (i % 2 === 0 ? hour : 0))] };
}

describe("packed zone", () => {
  it("reads base 60 with sign and fraction", () => {
    assert.equal(unpackBase60("0"), 0);
    assert.equal(unpackBase60("1f"), 75);
    assert.equal(unpackBase60("-1f"), -75);
    assert.equal(unpackBase60("X.u"), 59.5);
  });

  it("turns west-positive minutes into east-positive milliseconds", () => {
    assert.deepEqual(unpackZone("Etc/Test|A B|50 40|01|1f|9"), {
      untils: [75 * 60_000],
      offsets: [-5 * hour, -4 * hour],
    });
  });

  it("drops a change of the abbreviation alone", () => {
    assert.deepEqual(unpackZone("Etc/Test|A B C|0 0 -10|012|1f 1f|9"), { untils: [150 * 60_000], offsets: [0, hour] });
  });

  it("has one offset for a zone that never changed", () => {
    assert.deepEqual(unpackZone("Etc/UTC|UTC|0|0||"), { untils: [], offsets: [0] });
  });
});

describe("the last rule of a zone", () => {
  it("goes on for a calendar cycle", () => {
    const { untils, offsets } = extendByLastRule(european(2037)) ?? { untils: [], offsets: [] };
    assert.equal(untils.length, offsets.length - 1);
    for (const year of [2038, 2039, 2100, 2400]) {
      assert.ok(untils.includes(lastSunday(year, 3)) && untils.includes(lastSunday(year, 10)), String(year));
    }
    assert.ok(untils.every((until, i) => i === 0 || until > (untils[i - 1] as number)));
  });

  it("does not go on when it ended before the data does", () =>
    assert.equal(extendByLastRule(european(2030)), undefined));

  it("is not guessed from changes that follow no weekday", () => {
    const { untils, offsets } = european(2037);
    assert.equal(
      extendByLastRule({ untils: untils.map((until, i) => until + (i % 5) * 24 * hour), offsets }),
      undefined,
    );
  });

  it("reads midnight of the first of a month as the end of the day before, where only that is a rule", () => {
    const years = Array.from({ length: 15 }, (_, i) => 2023 + i);
    const untils = years.flatMap((year) => [lastSunday(year, 3), lastThursday(year) + 23 * hour]);
    const offsets = [0, ...untils.map((_, i) => (i % 2 === 0 ? hour : 0))];
    const extended = extendByLastRule({ untils, offsets });
    assert.ok(extended?.untils.includes(lastThursday(2058) + 23 * hour));
  });
});
