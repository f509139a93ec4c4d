/**
 * Due dates as the contract writes them, read in a zone: a date (`2026-03-01`), a wall-clock time of the user
 * (`2026-03-01T09:00`), an instant (`2026-03-01T09:00:00Z`). Civil values are plain strings, which sort as they should.
 */

/** `2026-03-01` */
export type CivilDay = string;
/** `2026-03-01T09:00` */
export type CivilTime = string;
export type DueKind = "date" | "wall" | "instant";

/** The present, as the user's zone writes it. */
export interface Clock {
  readonly zone: string;
  readonly day: CivilDay;
  readonly time: CivilTime;
}

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  } as const;
  const format = new Intl.DateTimeFormat("en-US", options);
  formats.set(zone, format);
  return format;
};

/** What the clocks of a zone show at an instant. */
export const civilTimeAt = (instant: Date, zone: string): CivilTime => {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${part.year?.padStart(4, "0")}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
};

export const clockAt = (now: Date, zone: string): Clock => {
  const time = civilTimeAt(now, zone);
  return { zone, time, day: time.slice(0, 10) };
};

export const kindOf = (due: string): DueKind => {
  if (!due.includes("T")) return "date";
  return /(Z|[+-]\d{2}:?\d{2})$/.test(due) ? "instant" : "wall";
};

/** The due date in the user's zone: a day, or a day and time. */
export const civilOf = (due: string, zone: string): CivilTime =>
  kindOf(due) === "instant" ? civilTimeAt(new Date(due), zone) : due.slice(0, 16);

export const dayOf = (due: string, zone: string): CivilDay => civilOf(due, zone).slice(0, 10);

/** `09:00`, or null for a whole day. */
export const timeOf = (due: string, zone: string): string | null => civilOf(due, zone).slice(11) || null;

/** A whole day is overdue when it has ended, a time when it has passed. */
export const isOverdue = (due: string, clock: Clock): boolean => {
  const civil = civilOf(due, clock.zone);
  return civil.length > 10 ? civil < clock.time : civil < clock.day;
};

export const isDueToday = (due: string, clock: Clock): boolean => dayOf(due, clock.zone) === clock.day;

/**
 * The instant at which a zone's clocks show a time. A time that DST skips moves forward; of one that exists twice it is
 * the first.
 */
export const instantOf = (civil: CivilTime, zone: string): string => {
  const asUtc = Date.parse(`${civil}:00Z`);
  const hour = 3_600_000;
  // The offset is the same, or differs by the change, within a day on either side.
  const offsets = [-24, 24].map((hours) => offsetAt(asUtc + hours * hour, zone));
  const fitting = offsets
    .map((offset) => asUtc - offset)
    .filter((instant) => civilTimeAt(new Date(instant), zone) === civil);
  const instant = fitting.length > 0 ? Math.min(...fitting) : asUtc - (offsets[0] ?? 0);
  return new Date(instant).toISOString();
};

const offsetAt = (instant: number, zone: string): number =>
  Date.parse(`${civilTimeAt(new Date(instant), zone)}:00Z`) - Math.floor(instant / 60_000) * 60_000;

/** Builds a due date of a kind from what the picker has. Without a time it is a whole day. */
export const dueOf = (day: CivilDay, time: string | null, kind: DueKind, zone: string): string => {
  if (time === null || kind === "date") return day;
  return kind === "instant" ? instantOf(`${day}T${time}`, zone) : `${day}T${time}`;
};

/** The same due date on another day: time (to its seconds) and kind stay. */
export const movedTo = (due: string | null, day: CivilDay, zone: string): string => {
  if (due === null || kindOf(due) === "date") return day;
  if (dayOf(due, zone) === day) return due;
  if (kindOf(due) === "wall") return `${day}${due.slice(day.length)}`;
  const withinMinute = Date.parse(due) % 60_000;
  const moved = Date.parse(instantOf(`${day}T${timeOf(due, zone)}`, zone));
  return new Date(moved + withinMinute).toISOString();
};

/** What one step of a picker says of a due date. What it does not name stays as it is. */
export type DueChange =
  | { readonly day: CivilDay }
  /** The whole of it. */
  | { readonly due: string }
  /** `kind` is for what had no time before. */
  | { readonly time: string | null; readonly kind: DueKind }
  | { readonly kind: DueKind }
  | { readonly none: true };

/** A due date after a change: a new day keeps time and kind, a new time keeps the day. */
export const changedDue = (due: string | null, change: DueChange, clock: Clock): string | null => {
  const { zone } = clock;
  if ("none" in change) return null;
  if ("due" in change) return change.due;
  if ("day" in change) return movedTo(due, change.day, zone);
  const day = due === null ? clock.day : dayOf(due, zone);
  const kind = due === null ? "date" : kindOf(due);
  if ("time" in change) return dueOf(day, change.time, kind === "date" ? change.kind : kind, zone);
  // What is due on a day as a whole has no time that could be of a kind.
  const time = due === null ? null : timeOf(due, zone);
  return time === null || kind === change.kind ? due : dueOf(day, time, change.kind, zone);
};

/** Of several due dates what they have in common: the whole of it, or the day, or nothing. */
export const commonDue = (dues: readonly (string | null)[], zone: string): string | null => {
  const common = new Set(dues);
  const days = new Set(dues.map((due) => (due === null ? null : dayOf(due, zone))));
  const [due = null] = common.size === 1 ? common : days.size === 1 ? days : [];
  return due;
};
