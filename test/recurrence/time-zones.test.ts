import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { civilFromMs, formatCivil } from "../../src/domain/civil.ts";
import { canonicalZone, offsetAt, toCivil, toInstant, zoneDataVersion } from "../../src/domain/time-zone.ts";

/** What CPython's zoneinfo says of the PyPI package tzdata; made by scripts/zone-transitions.py. */
interface Independent {
  version: string;
  groups: {
    zones: string[];
    windows: { from: number; until: number; offset: number; changes: [second: number, minutes: number][] }[];
  }[];
}

const independent = JSON.parse(readFileSync(new URL("zone-transitions.json", import.meta.url), "utf8")) as Independent;

/** moment-timezone's data ends in 2037; these follow the moon until 2086 and have a rule only after that. */
const predictedByRamadan = ["Asia/Gaza", "Asia/Hebron"];
const dataEnds = Date.UTC(2038, 0, 1) / 1000;

const minutesAt = (zone: string, second: number): number => offsetAt(zone, second * 1000) / 60_000;

describe("zone data beside an independent source", () => {
  it("is of the same IANA release", () => assert.equal(zoneDataVersion, independent.version));

  for (const { zones, windows } of independent.groups) {
    const names = zones.filter((zone) => canonicalZone(zone) !== undefined);
    if (names.length === 0) continue;
    it(`changes when ${names[0]} and ${names.length - 1} others do`, () => {
      for (const zone of names) {
        for (const window of windows) {
          if (window.from > dataEnds && predictedByRamadan.includes(zone)) continue;
          checkWindow(zone, window);
        }
      }
    });
  }

  it("has every zone of the independent source", () => {
    const missing = independent.groups
      .flatMap(({ zones }) => zones)
      .filter((zone) => canonicalZone(zone) === undefined);
    assert.deepEqual(missing, ["Factory"]);
  });
});

function checkWindow(
  zone: string,
  { from, until, offset, changes }: Independent["groups"][number]["windows"][number],
): void {
  let before = offset;
  assert.equal(minutesAt(zone, from), before, `${zone} at ${from}`);
  for (const [second, after] of changes) {
    assert.equal(minutesAt(zone, second - 1), before, `${zone} before ${second}`);
    assert.equal(minutesAt(zone, second), after, `${zone} at ${second}`);
    checkWallClock(zone, second, before, after);
    before = after;
  }
  assert.equal(minutesAt(zone, until - 1), before, `${zone} at ${until}`);
}

/** In a gap the wall-clock time moves forward by the gap; in a fold it is the first of the two. */
function checkWallClock(zone: string, second: number, before: number, after: number): void {
  const change = second * 1000;
  const middle = change + ((before + after) / 2) * 60_000;
  const instant = toInstant(zone, civilFromMs(middle));
  assert.equal(instant, middle - before * 60_000, `${zone} at wall clock ${formatCivil(civilFromMs(middle))}`);
  const shift = Math.max(after - before, 0) * 60_000;
  assert.deepEqual(toCivil(zone, instant), civilFromMs(middle + shift));
}
