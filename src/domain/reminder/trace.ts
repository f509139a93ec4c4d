import type { Channel, NotificationDelivery } from "../../contract/notification.ts";
import type { Reminder, ReminderTrace, TraceStep } from "../../contract/reminder.ts";
import { formatCivil } from "../civil.ts";
import { toCivil } from "../time-zone.ts";

/** One thing that happened to a reminder, as it was recorded when it did. Instants are RFC 3339 in UTC. */
export interface RecordedStep {
  readonly at: string;
  readonly what: "planned" | "moved" | "cancelled" | "fired" | "acknowledged" | "snoozed";
  readonly event_id: string | null;
  /** What it was planned for, moved or put off to, or given for. */
  readonly remind_at: string | null;
  /** Of one that was cancelled, its end; of one that was given late, the reason if it is known. */
  readonly because: string | null;
  readonly late_ms: number | null;
}

export interface Traced {
  readonly reminder: Reminder;
  /** Oldest first. */
  readonly steps: readonly RecordedStep[];
  /** Of all the events it was given by. */
  readonly deliveries: readonly NotificationDelivery[];
}

/** Of whoever asks: now in epoch ms, and the zone that times are said in. */
export interface TraceContext {
  readonly now: number;
  readonly zone: string;
}

/** All that happened to a reminder, and why it was given or was not, in words. */
export const traceOf = (traced: Traced, context: TraceContext): ReminderTrace => {
  const steps = [
    ...traced.steps.map((step) => recorded(step, context)),
    ...traced.deliveries.map((delivery) => delivered(delivery, context)),
  ];
  return {
    reminder: traced.reminder,
    text: answer(traced, context),
    steps: steps.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at))),
  };
};

const recorded = (step: RecordedStep, { zone }: TraceContext): TraceStep => {
  const { at, what, event_id, because } = step;
  const when = inZone(step.remind_at, zone);
  const texts: Readonly<Record<RecordedStep["what"], string>> = {
    planned: `Planned for ${when}.`,
    moved: `Moved to ${when}.`,
    cancelled: `Cancelled, because ${ends[because ?? ""] ?? "it is no longer wanted"}.`,
    fired: `Given ${lateness(step.late_ms ?? 0, because)}.`,
    acknowledged: "Acknowledged.",
    snoozed: `Put off to ${when}.`,
  };
  return { at, what, text: texts[what], event_id, channel: null };
};

const ends: Readonly<Record<string, string>> = {
  passed: "its time had passed when it was set",
  completed: "the task was completed",
  deleted: "the task was deleted",
  removed: "it was removed from the task",
  no_due_date: "the task has no due date",
};

const lateBecauses: Readonly<Record<string, string>> = {
  learned_late: ", because it was learned of after its time",
  was_down: ", because reminders were not running at its time",
};

const places: Readonly<Record<Channel, string>> = {
  stream: "on open screens",
  inbox: "in the inbox",
  push: "by push",
  email: "by e-mail",
  webhook: "by webhook",
};

const outcomes = { delivered: "delivered", failed: "failed", suppressed: "suppressed", pending: "deferred" } as const;

const delivered = (delivery: NotificationDelivery, { zone }: TraceContext): TraceStep => {
  const { channel, status, attempts, event_id } = delivery;
  const reason = delivery.reason === null ? "" : `: ${delivery.reason}`;
  const tries = attempts === 1 ? "1 try" : `${attempts} tries`;
  const texts = {
    delivered: `Delivered ${places[channel]}${reason}.`,
    failed: `Not delivered ${places[channel]} after ${tries}${reason}.`,
    suppressed: `Not delivered ${places[channel]}${reason}.`,
    pending: `To be delivered ${places[channel]}${delivery.due_at > delivery.created_at ? ` at ${inZone(delivery.due_at, zone)}` : ""}${reason}.`,
  };
  return {
    at: delivery.finished_at ?? delivery.created_at,
    what: outcomes[status],
    text: texts[status],
    event_id,
    channel,
  };
};

/** "Why was I (not) reminded?" That it was given is said for ever, also when it was moved since. */
const answer = (traced: Traced, context: TraceContext): string => {
  const { status, remind_at, cancelled_because } = traced.reminder;
  const given = givenAt(traced, context);
  const when = inZone(remind_at, context.zone);
  if (status === "pending") {
    if (Date.parse(remind_at ?? "") <= context.now) return `It has been due since ${when} and is about to be given.`;
    return given === "" ? `You will be reminded at ${when}.` : `${given} You will be reminded again at ${when}.`;
  }
  if (status === "cancelled") {
    const because = `because ${ends[cancelled_because ?? ""] ?? "it is no longer wanted"}`;
    const on = onDay(traced.steps, "cancelled", context);
    return given === ""
      ? `You are not reminded, ${because}${on}.`
      : `${given} You are not reminded again, ${because}${on}.`;
  }
  if (status === "sent") return given;
  const done = doneWith(traced.steps, context);
  return given === "" ? `${done}, before it was given.` : `${given} ${done}.`;
};

const doneWith = (steps: readonly RecordedStep[], context: TraceContext): string => {
  const putOff = steps.findLast(({ what }) => what === "snoozed");
  return putOff === undefined
    ? `You acknowledged it${onDay(steps, "acknowledged", context)}`
    : `You put it off to ${inZone(putOff.remind_at, context.zone)}`;
};

const onDay = (steps: readonly RecordedStep[], what: RecordedStep["what"], { zone }: TraceContext): string => {
  const step = steps.findLast((each) => each.what === what);
  return step === undefined ? "" : ` at ${inZone(step.at, zone)}`;
};

/** When it was given last, how late, and where; empty when it never was. */
const givenAt = ({ steps, deliveries }: Traced, { zone }: TraceContext): string => {
  const fired = steps.findLast(({ what }) => what === "fired");
  if (fired === undefined) return "";
  const ofIt = deliveries.filter(({ event_id }) => event_id === fired.event_id);
  return `You were reminded at ${inZone(fired.at, zone)}, ${lateness(fired.late_ms ?? 0, fired.because)}${channelsOf(ofIt)}.`;
};

const channelsOf = (deliveries: readonly NotificationDelivery[]): string => {
  const reached = deliveries.filter(({ status }) => status === "delivered").map(({ channel }) => places[channel]);
  if (reached.length > 0) return `, ${new Intl.ListFormat("en").format(reached)}`;
  const waits = deliveries.some(({ status }) => status === "pending");
  if (waits) return "; no channel has delivered it yet";
  return deliveries.length > 0 ? "; but no channel delivered it" : "";
};

const SECOND = 1_000;
const units = [
  { name: "day", ms: 86_400 * SECOND },
  { name: "h", ms: 3_600 * SECOND },
  { name: "min", ms: 60 * SECOND },
  { name: "s", ms: SECOND },
];

/** "on time" within a second; else in the largest unit that it is at least two of, with the reason if it is known. */
const lateness = (ms: number, because: string | null): string => {
  if (ms < SECOND) return "on time";
  const { name, ms: unit } = units.find((each) => ms >= 2 * each.ms) ?? { name: "s", ms: SECOND };
  const count = Math.floor(ms / unit);
  return `${count} ${name === "day" ? "days" : name} late${lateBecauses[because ?? ""] ?? ""}`;
};

/** `2026-03-01 09:00` in a zone; the seconds where there are any. */
const inZone = (instant: string | null, zone: string): string => {
  if (instant === null) return "no time";
  return formatCivil({ ...toCivil(zone, Date.parse(instant)), ms: 0 }).replace("T", " ");
};
