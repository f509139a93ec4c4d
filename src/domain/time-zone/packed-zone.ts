/**
 * A zone's offsets over time: `offsets[i]` holds until `untils[i]`, the last one for ever. All in milliseconds, offsets
 * east of UTC.
 */
export interface Transitions {
  readonly untils: readonly number[];
  readonly offsets: readonly number[];
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX";

/** A number of moment-timezone's packed format: base 60, with sign and fraction. */
export function unpackBase60(text: string): number {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = text.slice(negative ? 1 : 0).split(".");
  let value = 0;
  for (const digit of whole) value = value * 60 + digits.indexOf(digit);
  let scale = 1;
  for (const digit of fraction) value += digits.indexOf(digit) * (scale /= 60);
  return negative ? -value : value;
}

/**
 * Decodes a line `name|abbreviations|offsets|indices|untils|population`; changes of the abbreviation alone are dropped.
 */
export function unpackZone(line: string): Transitions {
  const [, , offsetColumn = "", indexColumn = "", untilColumn = ""] = line.split("|");
  const known = offsetColumn.split(" ").map((minutesWest) => 0 - Math.round(unpackBase60(minutesWest) * 60) * 1000);
  const indices = Array.from(indexColumn, (digit) => unpackBase60(digit));
  const gaps = untilColumn === "" ? [] : untilColumn.split(" ").map(unpackBase60);
  const untils: number[] = [];
  const offsets = [known[indices[0] ?? 0] as number];
  let until = 0;
  for (const [i, minutes] of gaps.entries()) {
    until = Math.round((until + minutes * 60_000) / 1000) * 1000;
    const offset = known[indices[i + 1] as number] as number;
    if (offset === offsets.at(-1)) continue;
    untils.push(until);
    offsets.push(offset);
  }
  return { untils, offsets };
}
