import type { Actor, AuditEntry } from "../../../src/contract/audit.ts";
import type { TaskReminder } from "../../../src/contract/reminder.ts";
import { locale } from "../ui/messages.ts";
import type { Clock } from "../time/due-date.ts";
import { formatInstant, plainDate } from "../time/due-words.ts";
import { text } from "./messages.ts";
import { destinationOf, fieldChanges, isNothing, remindersOf, type FieldChange, type ShownField } from "./telling.ts";

/** Who did it, as the reader knows them. */
export const actorWords = ({ kind, id, name }: Actor, userId: string): string => {
  switch (kind) {
    case "person":
      return id === userId ? text.you : (name ?? text.someone);
    case "token":
      return name === null ? text.goneToken : text.token(name);
    case "agent":
      return name === null ? text.goneToken : text.agent(name);
    case "system":
      return text.system;
  }
};

/** Where the user moved, for entries of what followed them. */
export const moveWords = ({ changes }: Pick<AuditEntry, "changes">): string => {
  const destination = destinationOf(changes);
  if (destination === null) return text.movedSomewhere;
  if ("place" in destination) return text.movedTo(destination.place);
  return text.movedHour(`${String(destination.hour).padStart(2, "0")}:00`);
};

/** The value of a field as people write it. */
export const valueWords = (field: ShownField, value: unknown, clock: Clock): string => {
  if (isNothing(value)) return text.nothing;
  if (field === "reminders")
    return remindersOf(value)
      .map((reminder) => reminderWords(reminder, clock))
      .join(", ");
  if (Array.isArray(value)) return value.map(String).join(", ");
  const word = String(value);
  switch (field) {
    case "due_date":
    case "recurrence_end_date":
    case "recurrence_paused_until":
      return plainDate(word, clock, locale);
    case "priority":
    case "recurrence_basis":
    case "recurrence_catch_up":
      return Object.hasOwn(named, word) ? (named[word] ?? word) : word;
    default:
      return word;
  }
};

const named: Readonly<Record<string, string>> = {
  low: text.low,
  medium: text.medium,
  high: text.high,
  schedule: text.schedule,
  completion: text.completion,
  latest: text.latest,
  all: text.all,
};

const reminderWords = ({ offset, remind_at, acknowledged_at }: TaskReminder, { zone }: Clock): string => {
  const moment = remind_at === null ? text.nothing : formatInstant(remind_at, zone, locale);
  const when = offset === null ? moment : offsetWords(offset);
  return acknowledged_at === null ? when : text.acknowledged(when);
};

/** An ISO 8601 duration before the due date: "15 minutes before". */
export const offsetWords = (offset: string): string => {
  const [, weeks, days, hours, minutes] =
    /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$/.exec(offset) ?? [];
  const parts = (
    [
      ["week", weeks],
      ["day", days],
      ["hour", hours],
      ["minute", minutes],
    ] as const
  ).flatMap(([unit, count]) => (Number(count ?? 0) === 0 ? [] : unitWords(Number(count), unit)));
  return parts.length === 0 ? text.atDue : text.before(parts.join(" "));
};

const unitWords = (count: number, unit: string): string =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);

/** All that an entry changed, in a line: "Due date Fri 12 Mar → Mon 15 Mar · Description rewritten". */
export const changeWords = (entry: Pick<AuditEntry, "event_type" | "changes">, clock: Clock): string =>
  fieldChanges(entry)
    .map((change) => oneChange(change, clock))
    .join(" · ");

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const oneChange = ({ field, old, new: now }: FieldChange, clock: Clock): string => {
  const name = text[`field_${field}`];
  if (field === "title") return text.titleWas(textOf(old));
  if (field === "description")
    return isNothing(old) ? text.fieldAdded(name) : isNothing(now) ? text.fieldRemoved(name) : text.fieldText(name);
  const words = [old, now]
    .filter((value, index) => index === 1 || !isNothing(value))
    .map((value) => valueWords(field, value, clock));
  return text.fieldChange(name, words.join(" → "));
};
