import { type ActorKind, type Change, eventSchemaVersion, type TaskEvent } from "../contract/event.ts";
import type { Task } from "../contract/task.ts";
import { firstOffset } from "./reminder/timing.ts";
import { changesBetween, clockFieldNames, eventTypeOf, type TaskChange } from "./task.ts";

export interface EventContext {
  readonly now: number;
  readonly zone: string;
  readonly actorId: string;
  readonly actorKind: ActorKind;
  readonly correlationId: string;
}

/** An event before the write that gives it its place in the user's sequence. */
export type UnsequencedEvent = TaskEvent extends infer E ? (E extends unknown ? Omit<E, "sequence"> : never) : never;

/** The event that tells a change (spec §9). */
export const taskEvent = (change: TaskChange, eventId: string, context: EventContext): UnsequencedEvent => {
  const timestamp = new Date(context.now).toISOString();
  const common = {
    event_id: eventId,
    timestamp,
    version: eventSchemaVersion,
    actor_id: context.actorId,
    actor_kind: context.actorKind,
    user_id: change.after.user_id,
    correlation_id: context.correlationId,
    task_id: change.after.id,
    task: change.after,
    changes: { ...changesBetween(change.before, change.after), ...change.clock },
    time_zone: context.zone,
  };
  switch (eventTypeOf(change)) {
    case "task.created":
      return { ...common, event_type: "task.created" };
    case "task.updated":
      return { ...common, event_type: "task.updated" };
    case "task.completed":
      return { ...common, event_type: "task.completed", completed_at: change.after.completed_at ?? timestamp };
    case "task.deleted":
      return {
        ...common,
        event_type: "task.deleted",
        deleted_at: change.after.deleted_at ?? timestamp,
        ...(change.purged === true ? { purged_at: timestamp } : {}),
      };
  }
};

const isOfClock = (field: string): boolean => clockFieldNames.some((name) => name === field);

/** The task as it was before an event, or null for one that made it. */
export const taskBefore = (event: Pick<TaskEvent, "event_type" | "task" | "changes">): Task | null => {
  if (event.event_type === "task.created") return null;
  const ofTask = Object.entries(event.changes).filter(([field]) => !isOfClock(field));
  const old = Object.fromEntries(ofTask.map(([field, change]: [string, Change]) => [field, change.old]));
  const before = { ...event.task, ...old, version: event.task.version - 1 };
  const reminders = before.reminders === undefined ? {} : { reminder_offset: firstOffset(before.reminders) };
  return { ...before, completed: before.status === "completed", ...reminders };
};
