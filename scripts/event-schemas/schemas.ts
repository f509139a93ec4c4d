import {
  eventSchemas,
  eventSchemaVersion,
  type EventType,
  type ReminderTriggered,
  type TaskFlowEvent,
  topics,
} from "../../src/contract/event.ts";
import type { TaskFields } from "../../src/contract/task.ts";
import {
  completeTask,
  createTask,
  type Decision,
  deleteTask,
  patchTask,
  type WriteContext,
} from "../../src/domain/task.ts";
import { taskEvent } from "../../src/domain/task-event.ts";
import type { JsonSchema } from "./compatibility.ts";

export type PublishedType = keyof typeof eventSchemas;
export const publishedTypes = Object.keys(eventSchemas) as PublishedType[];

const descriptions: Readonly<Record<EventType, string>> = {
  "task.created": "A task was made.",
  "task.updated": "A task changed in any other way: a field, a reopening, a restoring from the trash.",
  "task.completed": "A task was completed.",
  "task.deleted": "A task went to the trash, or left it for good (`purged_at`).",
  "task.reminder.triggered": "A reminder's time has come.",
};

export const descriptionOf = (type: PublishedType): string => descriptions[type];

/** The schema of an event's `data`, as a document of its own (JSON Schema 2020-12). */
export const schemaOf = (type: PublishedType): JsonSchema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `urn:taskflow:event:${type}:${eventSchemaVersion}`,
  title: type,
  description: `${descriptions[type]} The \`data\` of the CloudEvent on the topic ${topics[type]}.`,
  // Through JSON, as whoever reads the file has it.
  ...(JSON.parse(JSON.stringify(eventSchemas[type])) as JsonSchema),
  examples: [exampleOf(type)],
});

const userId = "0199a3c4-5d00-7000-8000-000000000001";
const taskId = "0199a3c4-5d00-7000-8000-000000000002";
const reminderId = "0199a3c4-5d00-7000-8000-000000000003";
const context = (minute: number): WriteContext => ({
  now: Date.UTC(2026, 1, 27, 8, minute),
  zone: "Europe/Zurich",
  allDayHour: 9,
  newId: () => reminderId,
});
const input: TaskFields & { title: string } = {
  title: "Pay rent",
  priority: "high",
  due_date: "2026-03-01T09:00",
  reminder_offset: "PT15M",
};

const changed = ({ change }: Decision) => {
  if (change === null) throw new Error("an example must change something");
  return change;
};

const changes = (() => {
  const created = changed(createTask(input, { id: taskId, userId }, context(0)));
  const updated = changed(patchTask(created.after, { title: "Pay the rent" }, context(1)));
  const completed = changed(completeTask(updated.after, context(2)));
  const deleted = changed(deleteTask(completed.after, context(3)));
  return { "task.created": created, "task.updated": updated, "task.completed": completed, "task.deleted": deleted };
})();

const moment = (step: number) =>
  ({
    now: context(step).now,
    zone: "Europe/Zurich",
    actorId: userId,
    actorKind: "person",
    correlationId: `request-${step + 1}`,
  }) as const;
const eventId = (step: number): string => `0199a3c4-5d00-7000-8000-00000000001${step}`;

/** One task's life, told by the same rules as every event. */
export const exampleOf = (type: PublishedType): TaskFlowEvent => {
  const step = publishedTypes.indexOf(type);
  return type === "task.reminder.triggered"
    ? reminded(step)
    : { ...taskEvent(changes[type], eventId(step), moment(step)), sequence: step + 1 };
};

const reminded = (step: number): ReminderTriggered => {
  const [scheduledFor, firedAt] = ["2026-03-01T07:45:00.000Z", "2026-03-01T07:45:00.004Z"];
  const told = { scheduled_for: scheduledFor, fired_at: firedAt, late_ms: 4 };
  const { event_type: _type, ...common } = taskEvent(changes["task.updated"], eventId(step), {
    ...moment(step),
    now: Date.parse(firedAt),
    actorId: "reminder-service",
    actorKind: "system",
  });
  return {
    ...common,
    event_type: "task.reminder.triggered",
    sequence: step + 1,
    changes: {},
    ...told,
    reminder: { id: reminderId, offset: "PT15M", ...told },
  };
};
