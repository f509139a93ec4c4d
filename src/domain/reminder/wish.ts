import { invalidField } from "../../contract/problem.ts";
import type { TaskReminder } from "../../contract/reminder.ts";
import { type DueDate, dueSpan, requireDueDate } from "../due-date.ts";
import { instantBefore, type ReminderClock } from "./instant.ts";
import { formatOffset, isSameLength, parseOffset, readOffset } from "./offset.ts";

/** What a reminder is for: so long before the due date, or an instant (RFC 3339 in UTC). One of the two is null. */
export type Wish = Pick<TaskReminder, "offset" | "remind_at">;

interface Sent {
  readonly offset?: string | null | undefined;
  readonly remind_at?: string | null | undefined;
}

/**
 * Reads what a client sent for one reminder; `at` goes before the fields that a refusal names. @throws DomainError a
 * 422 that names the field
 */
export const readWish = ({ offset, remind_at }: Sent, zone: string, at = ""): Wish => {
  if (offset != null) return { offset: formatOffset(readOffset(`${at}offset`, offset)), remind_at: null };
  if (remind_at != null) return { offset: null, remind_at: readInstant(`${at}remind_at`, remind_at, zone) };
  throw invalidField(`${at}offset`, "send an offset, or an instant as remind_at");
};

/** As `readWish`, for a request about one reminder: it is for one of the two. */
export const readOneWish = (sent: Sent, zone: string): Wish => {
  if (sent.offset != null && sent.remind_at != null)
    throw invalidField("remind_at", "send an offset or an instant, not both");
  return readWish(sent, zone);
};

/**
 * An instant, or a wall-clock time in the user's zone, as RFC 3339 in UTC. @throws DomainError a 422 that names the
 * field
 */
export const readInstant = (field: string, text: string, zone: string): string => {
  const moment = requireDueDate(field, text);
  if (moment.kind === "date")
    throw invalidField(field, "must be an instant (2026-03-01T09:00:00Z) or a wall-clock time (2026-03-01T09:00)");
  return new Date(dueSpan(moment, zone).dueAt).toISOString();
};

/** Whether a reminder is for just what is wished. */
export const isFor = (wish: Wish, { offset, remind_at }: Wish): boolean =>
  wish.offset === null ? offset === null && remind_at === wish.remind_at : offset === wish.offset;

/** What the instant of an offset follows from. */
export interface WishMoment extends ReminderClock {
  /** Null for a task without a due date, and for a series, whose occurrences have one. */
  readonly due: DueDate | null;
}

/**
 * Whether a reminder comes to the same as what is wished: it is for just that, or for an offset of the same length (a
 * day is 24 hours), or for the same instant as the task is due now.
 */
export const isSameMoment = (wish: Wish, reminder: Wish, moment: WishMoment): boolean => {
  if (isFor(wish, reminder)) return true;
  const [one, other] = [wish.offset, reminder.offset].map((text) => (text === null ? undefined : parseOffset(text)));
  if (one !== undefined && other !== undefined && isSameLength(one, other)) return true;
  const at = momentOf(wish, moment);
  return at !== undefined && at === momentOf(reminder, moment);
};

/** Epoch ms; undefined while there is nothing that an offset counts back from. */
const momentOf = ({ offset, remind_at }: Wish, { due, ...clock }: WishMoment): number | undefined => {
  if (offset === null) return remind_at === null ? undefined : Date.parse(remind_at);
  const parsed = parseOffset(offset);
  return due === null || parsed === undefined ? undefined : instantBefore(due, parsed, clock);
};
