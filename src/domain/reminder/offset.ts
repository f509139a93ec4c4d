import { invalidField } from "../../contract/problem.ts";

/** How long before the due date: months and days by the wall clock, the rest exactly. */
export interface Offset {
  readonly months: number;
  readonly days: number;
  /** Milliseconds. */
  readonly ms: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;
const LONGEST_DAYS = 366;
const DAYS_PER_MONTH = LONGEST_DAYS / 12;

const ISO =
  /^P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/i;
const WORDS = /^(?:\d+(?:\.\d+)? *[a-z]+ *)+$/;

const exactUnits = new Map(
  Object.entries({
    s: SECOND,
    sec: SECOND,
    second: SECOND,
    m: MINUTE,
    min: MINUTE,
    minute: MINUTE,
    h: HOUR,
    hr: HOUR,
    hour: HOUR,
  }),
);
const [DAY, WEEK, MONTH, YEAR] = [
  { months: 0, days: 1 },
  { months: 0, days: 7 },
  { months: 1, days: 0 },
  { months: 12, days: 0 },
] as const;
const calendarUnits = new Map(Object.entries({ d: DAY, day: DAY, w: WEEK, week: WEEK, month: MONTH, year: YEAR }));

/**
 * Reads `15 minutes`, `1h 30m`, `1 week`, or an ISO 8601 duration; undefined for anything else. Its length is not
 * looked at.
 */
export const parseOffset = (text: string): Offset | undefined => {
  const trimmed = text.trim();
  return parseIso(trimmed) ?? parseWords(trimmed.toLowerCase().replace(/ +before$/, ""));
};

const parseIso = (text: string): Offset | undefined => {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1, 8)
    .map((part) => Number((part ?? "0").replace(",", "."))) as [number, number, number, number, number, number, number];
  return {
    months: years * 12 + months,
    days: weeks * 7 + days,
    ms: Math.round(hours * HOUR + minutes * MINUTE + seconds * SECOND),
  };
};

const parseWords = (text: string): Offset | undefined => {
  if (!WORDS.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) *([a-z]+)/g)].map(([, amount, unit]) =>
    partOf(Number(amount), unit ?? ""),
  );
  return parts.reduce(
    (sum, part) =>
      sum && part && { months: sum.months + part.months, days: sum.days + part.days, ms: sum.ms + part.ms },
  );
};

const partOf = (amount: number, unit: string): Offset | undefined => {
  const singular = unit.length > 1 ? unit.replace(/s$/, "") : unit;
  const exact = exactUnits.get(singular);
  if (exact !== undefined) return { months: 0, days: 0, ms: Math.round(amount * exact) };
  const calendar = calendarUnits.get(singular);
  // Half a day has no wall-clock time.
  if (calendar === undefined || !Number.isInteger(amount)) return undefined;
  return { months: amount * calendar.months, days: amount * calendar.days, ms: 0 };
};

/**
 * Reads an offset that a client sent.
 * @throws DomainError a 422 that names the field, for what is no duration, negative, or longer than a year
 */
export const readOffset = (field: string, text: string): Offset => {
  if (/^\s*-/.test(text)) throw invalidField(field, "must not be negative: it counts back from the due date");
  const offset = parseOffset(text);
  if (offset === undefined)
    throw invalidField(
      field,
      "must be a time span such as “15 minutes”, “1 hour”, “1 day”, “1 week”, or an ISO 8601 duration",
    );
  if (offset.months * DAYS_PER_MONTH + offset.days + offset.ms / DAY_MS > LONGEST_DAYS)
    throw invalidField(field, "must be at most a year");
  return offset;
};

/**
 * The canonical ISO 8601 form: two offsets that are the same have the same text. `PT24H` and `P1D` are not, where
 * clocks change between.
 */
export const formatOffset = ({ months, days, ms }: Offset): string => {
  if (months === 0 && ms === 0 && days > 0 && days % 7 === 0) return `P${days / 7}W`;
  const date = `${part(Math.floor(months / 12), "Y")}${part(months % 12, "M")}${part(days, "D")}`;
  const time = `${part(Math.floor(ms / HOUR), "H")}${part(Math.floor((ms % HOUR) / MINUTE), "M")}${part((ms % MINUTE) / SECOND, "S")}`;
  if (date === "" && time === "") return "PT0S";
  return `P${date}${time === "" ? "" : `T${time}`}`;
};

/** Whether two offsets are of the same length where no clock changes in between: `1 day` and `24 hours` are. */
export const isSameLength = (one: Offset, other: Offset): boolean =>
  one.months === other.months && one.days * DAY_MS + one.ms === other.days * DAY_MS + other.ms;

const part = (amount: number, unit: string): string => (amount === 0 ? "" : `${amount}${unit}`);
