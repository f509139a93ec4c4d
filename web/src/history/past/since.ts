import type { Task } from "../../../../src/contract/task.ts";

/** What became of a task since a moment: pure, of the task then and as this device knows it now. */
export type Since =
  | { readonly kind: "completed" | "skipped" | "trashed" | "gone" | "series" | "noDue" | "description" }
  | { readonly kind: "title"; readonly title: string }
  | { readonly kind: "due"; readonly due: string }
  | { readonly kind: "priority"; readonly priority: Task["priority"] };

/** All that differs; when the task itself is done or gone, nothing else matters. */
export const changedSince = (then: Task, now: Task | undefined): Since[] => {
  const end = endSince(then, now);
  if (end !== null) return [end];
  return now === undefined ? [] : fieldsSince(then, now);
};

const endSince = (then: Task, now: Task | undefined): Since | null => {
  if (now === undefined) return { kind: "gone" };
  if (now.deleted_at !== null && then.deleted_at === null)
    return { kind: now.occurrence_outcome === "withdrawn" ? "gone" : "trashed" };
  if (now.completed && !then.completed) return { kind: now.occurrence_outcome === "skipped" ? "skipped" : "completed" };
  return isSeries(now) && !isSeries(then) ? { kind: "series" } : null;
};

const isSeries = ({ recurrence_rule }: Task): boolean => recurrence_rule != null;

const fieldsSince = (then: Task, now: Task): Since[] => [
  ...(now.title === then.title ? [] : [{ kind: "title", title: now.title } as const]),
  ...(now.due_date === then.due_date
    ? []
    : [now.due_date === null ? ({ kind: "noDue" } as const) : ({ kind: "due", due: now.due_date } as const)]),
  ...(now.priority === then.priority ? [] : [{ kind: "priority", priority: now.priority } as const]),
  ...((now.description ?? "") === (then.description ?? "") ? [] : [{ kind: "description" } as const]),
];

/** How many of the open tasks were not there yet at a moment. */
export const countCome = (tasks: Iterable<Task>, moment: string): number => {
  const at = Date.parse(moment);
  return [...tasks].filter(
    (task) => !task.completed && task.deleted_at === null && !isSeries(task) && Date.parse(task.created_at) > at,
  ).length;
};
