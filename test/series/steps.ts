import fc from "fast-check";
import type { SeriesScope } from "../../src/contract/recurrence.ts";
import type { Task, TaskFields } from "../../src/contract/task.ts";
import { addDays, dateOf, formatCivil, parseCivil, parseCivilDate } from "../../src/domain/civil.ts";
import { isWithdrawn } from "../../src/domain/series/occurrence.ts";
import { parseDueDate } from "../../src/domain/due-date.ts";
import { civilDue, isSeries } from "../../src/domain/series/series-rule.ts";
import { decideCommand, decidePatch, type TaskVerb } from "../../src/domain/series/task-write.ts";
import type { TaskChange } from "../../src/domain/task.ts";
import type { World } from "./world.ts";

/** What may happen in a history. `pick` chooses the task that is meant, among those there are. */
export type Step =
  | { readonly kind: "command"; readonly command: TaskVerb; readonly scope?: SeriesScope; readonly pick: number }
  | { readonly kind: "series command"; readonly command: TaskVerb; readonly pick: number }
  | { readonly kind: "write"; readonly field: TextField; readonly scope: SeriesScope; readonly pick: number }
  | {
      readonly kind: "move";
      readonly days: number;
      readonly time: string;
      readonly scope: SeriesScope;
      readonly pick: number;
    }
  | { readonly kind: "series"; readonly edit: SeriesEdit; readonly pick: number }
  | { readonly kind: "undo" }
  | { readonly kind: "zone"; readonly zone: string }
  | { readonly kind: "wait"; readonly ms: number };

type TextField = "title" | "description" | "priority" | "reminders";
type SeriesEdit =
  | { readonly rename: true }
  | { readonly time: string }
  | { readonly pattern: string | null }
  | { readonly pauseDays: number | null }
  | { readonly endDays: number | null }
  | { readonly catchUp: "latest" | "all" };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const patterns = [
  "daily",
  "weekly",
  "weekly:MON,THU",
  "monthly",
  "monthly:1,15",
  "monthly:last",
  "yearly",
  "custom:3d",
  "custom:2m",
  "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA",
  "RRULE:FREQ=MONTHLY;BYDAY=2TU",
  "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
  "RRULE:FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=20",
  "RRULE:FREQ=DAILY;COUNT=4",
  "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6",
  "RRULE:FREQ=DAILY;BYHOUR=9,18",
] as const;
export const zones = ["Europe/Rome", "America/New_York", "Pacific/Auckland", "UTC"] as const;
const times = ["", "T09:00", "T10:30", "T23:30"] as const;
const scopes = ["this", "following", "all"] as const;

const pick = fc.nat({ max: 6 });
const command = fc.constantFrom<TaskVerb>(
  "complete",
  "complete",
  "complete",
  "skip",
  "reopen",
  "detach",
  "restore",
  "delete",
);
const nullOr = (days: fc.Arbitrary<number>) => fc.option(days, { nil: null, freq: 2 });

const edit: fc.Arbitrary<SeriesEdit> = fc.oneof(
  fc.constant({ rename: true } as const),
  fc.record({ time: fc.constantFrom(...times) }),
  fc.record({ pattern: fc.constantFrom<(string | null)[]>(...patterns, null) }),
  fc.record({ pauseDays: nullOr(fc.integer({ min: 1, max: 40 })) }),
  fc.record({ endDays: nullOr(fc.integer({ min: -5, max: 60 })) }),
  fc.record({ catchUp: fc.constantFrom("latest" as const, "all" as const) }),
);

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("command" as const), command, pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("series command" as const), command, pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      command: fc.constant("delete" as const),
      scope: fc.constantFrom("following" as const, "all" as const),
      pick,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      field: fc.constantFrom<TextField>("title", "description", "priority", "reminders"),
      scope: fc.constantFrom(...scopes),
      pick,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      days: fc.integer({ min: -8, max: 20 }),
      time: fc.constantFrom(...times),
      scope: fc.constantFrom(...scopes),
      pick,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("series" as const), edit, pick }) },
  { weight: 3, arbitrary: fc.constant({ kind: "undo" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("zone" as const), zone: fc.constantFrom(...zones) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.oneof(
        fc.integer({ min: 1000, max: 3 * HOUR }),
        fc.integer({ min: 3 * HOUR, max: 3 * DAY }),
        fc.integer({ min: 3 * DAY, max: 45 * DAY }),
      ),
    }),
  },
);

const byId = (one: Task, other: Task): number => (one.id < other.id ? -1 : 1);

const chosen = (tasks: readonly Task[], choice: number): Task | undefined =>
  tasks.toSorted(byId)[choice % tasks.length];

/** The task that a step is for; undefined when there is none. */
export const targetOf = (world: World, step: Step): Task | undefined => {
  if (!("pick" in step)) return undefined;
  const all = [...world.tasks.values()];
  const isOnSeries = step.kind === "series" || step.kind === "series command";
  if (isOnSeries) return chosen(all.filter(isSeries), step.pick);
  const occurrences = all.filter((task) => task.parent_recurring_task_id != null && !isWithdrawn(task));
  const open = occurrences.filter(({ status, deleted_at }) => status === "pending" && deleted_at === null);
  // Mostly what is open; now and then what is settled.
  return step.pick < 4 && open.length > 0 ? chosen(open, step.pick) : chosen(occurrences, step.pick);
};

/** Makes a step on its target; undefined when it was refused, or there is nothing for it. */
export const take = (
  world: World,
  step: Step,
  target: Task | undefined,
  text: string,
): readonly TaskChange[] | undefined => {
  if (target === undefined || !isReachable(step, target)) return undefined;
  switch (step.kind) {
    case "command":
    case "series command": {
      const scope = "scope" in step ? step.scope : undefined;
      return world.write((tasks, now) => decideCommand(tasks, target, step.command, { scope }, now).changes);
    }
    case "write":
      return patch(world, target, written(step.field, text), step.scope);
    case "move":
      return patch(world, target, { due_date: movedDue(target, step) }, step.scope);
    case "series":
      return patch(world, target, seriesFields(world, target, step.edit, text), undefined);
    default:
      return undefined;
  }
};

/** As the commands have it: what is in the trash answers to `restore` alone. */
const isReachable = (step: Step, target: Task): boolean =>
  target.deleted_at === null || ("command" in step && step.command === "restore" && !isWithdrawn(target));

const patch = (world: World, target: Task, fields: TaskFields, scope: SeriesScope | undefined) =>
  world.write((tasks, now) => decidePatch(tasks, target, fields, scope, now).changes);

const written = (field: TextField, text: string): TaskFields => {
  if (field === "priority") return { priority: Number(text.at(-1)) % 2 === 0 ? "high" : "low" };
  if (field === "reminders") return { reminders: [{ offset: `PT${(Number(text.at(-1)) % 5) + 1}H` }] };
  return { [field]: text };
};

const movedDue = (target: Task, { days, time }: { days: number; time: string }): string => {
  const civil = parseCivil(target.due_date ?? "") ??
    parseCivil(target.occurrence_date ?? "") ?? { year: 2026, month: 3, day: 1 };
  return `${formatCivil(addDays(dateOf(civil), days))}${time}`;
};

const dayOfAnchor = ({ due_date, recurrence_time_zone }: Task): string => {
  const due = parseDueDate(due_date ?? "2026-03-01");
  return due === undefined ? "2026-03-01" : formatCivil(dateOf(civilDue(due, recurrence_time_zone ?? "UTC")));
};

const seriesFields = (world: World, target: Task, edit: SeriesEdit, text: string): TaskFields => {
  const today = parseCivilDate(new Date(world.context.now).toISOString().slice(0, 10)) ?? { year: 1, month: 1, day: 1 };
  const inDays = (days: number | null): string | null => (days === null ? null : formatCivil(addDays(today, days)));
  if ("rename" in edit) return { title: text };
  if ("time" in edit) return { due_date: `${dayOfAnchor(target)}${edit.time}` };
  if ("pattern" in edit) return { recurrence_pattern: edit.pattern };
  if ("pauseDays" in edit) return { recurrence_paused_until: inDays(edit.pauseDays) };
  if ("endDays" in edit) return { recurrence_end_date: inDays(edit.endDays) };
  return { recurrence_catch_up: edit.catchUp };
};
