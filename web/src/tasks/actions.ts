import type { SeriesScope } from "../../../src/contract/recurrence.ts";
import type { NewTask, Priority, Task, TaskPatch } from "../../../src/contract/task.ts";
import { newId } from "../api/ids.ts";
import type { Command } from "../api/operation.ts";
import { dropDraft } from "../api/drafts.ts";
import { useTasks } from "../api/tasks-store.ts";
import { showToast } from "../ui/Toasts.tsx";
import { changedDue, type CivilDay, type Clock, type DueChange } from "../time/due-date.ts";
import { dueWords } from "../time/due-words.ts";
import { dueVocabulary } from "../time/messages.ts";
import { moveFocusOff } from "./list-focus.ts";
import { linger, unselect } from "./list-state.ts";
import { text } from "./messages.ts";
import { askScope } from "./repeat/scope-question.ts";
import type { Scoped } from "./repeat/scoped.ts";
import { act, actAndTell, type Done, tellMore } from "./undo-steps.ts";

/** What the user can do to tasks. Each is one command, one undo step, and says what it did by the task's name. */

/** The next date of a series is the server's to say: the toast says it as soon as it is known. */
const tellNextDate = (step: Done, task: Task | undefined): void => {
  if (task?.parent_recurring_task_id == null) return;
  const before = useTasks.getState().replica.truth.get(task.parent_recurring_task_id)?.next_occurrence_date;
  void import("./repeat/next-date.ts").then(({ followNextDate }) =>
    followNextDate({ ...step, occurrence: task, before, tell: (more) => tellMore(step, more) }),
  );
};

type Step = "complete" | "reopen" | "delete" | "restore";

/** One command for one task, one bulk command for several. */
const commandFor = (tasks: readonly Task[], kind: Step): Command => {
  const [only] = tasks;
  if (tasks.length === 1 && only !== undefined) return { kind, id: only.id };
  return { kind: "bulk", operations: tasks.map(({ id }) => ({ op: kind, id })) };
};

const deletionOf = (targets: readonly Scoped[]): Command => {
  const deletions = targets.map(({ task, ...scope }) => ({ id: task.id, ...scope }));
  const [only] = deletions;
  if (deletions.length === 1 && only !== undefined) return { kind: "delete", ...only };
  return { kind: "bulk", operations: deletions.map((deletion) => ({ op: "delete", ...deletion })) };
};

const patchFor = (patches: readonly { id: string; patch: TaskPatch; scope?: SeriesScope }[]): Command => {
  const [only] = patches;
  if (patches.length === 1 && only !== undefined) return { kind: "update", ...only };
  return { kind: "bulk", operations: patches.map((patch) => ({ op: "update", ...patch })) };
};

const firstTitle = (tasks: readonly Task[]): string => tasks[0]?.title ?? "";
const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id);

/** The tasks of these ids, as they are now. */
export const tasksOf = (ids: Iterable<string>): Task[] => {
  const { view } = useTasks.getState().replica;
  return [...ids].flatMap((id) => view.get(id) ?? []);
};

export const completeTasks = (tasks: readonly Task[]): void => {
  const open = tasks.filter((task) => !task.completed && task.deleted_at === null);
  if (open.length === 0) return;
  linger(idsOf(open));
  moveFocusOff(new Set(idsOf(open)));
  unselect(idsOf(open));
  const what = open.length === 1 ? text.didComplete(firstTitle(open)) : text.didCompleteMany(open.length);
  const step = actAndTell(commandFor(open, "complete"), what);
  if (open.length === 1) tellNextDate(step, open[0]);
};

export const reopenTask = (task: Task): void => {
  actAndTell({ kind: "reopen", id: task.id }, text.didReopen(task.title));
};

/** What `e` does: completes, or reopens when all of them are done. */
export const toggleCompleted = (tasks: readonly Task[]): void => {
  const [first] = tasks;
  if (tasks.length === 1 && first?.completed === true) reopenTask(first);
  else completeTasks(tasks);
};

export const deleteTasks = (tasks: readonly Task[]): void => {
  const kept = tasks.filter(({ deleted_at }) => deleted_at === null);
  if (kept.length === 0) return;
  askScope(kept, "delete", (targets) => {
    moveFocusOff(new Set(idsOf(kept)));
    unselect(idsOf(kept));
    actAndTell(
      deletionOf(targets),
      kept.length === 1 ? text.didDelete(firstTitle(kept)) : text.didDeleteMany(kept.length),
    );
  });
};

export const restoreTask = (task: Task): void => {
  moveFocusOff(new Set([task.id]));
  actAndTell({ kind: "restore", id: task.id }, text.didRestore(task.title));
};

/** Skips the occurrences among these tasks. */
export const skipOccurrences = (tasks: readonly Task[]): void => {
  const open = tasks.filter(
    (task) => !task.completed && task.deleted_at === null && task.parent_recurring_task_id != null,
  );
  const [only] = open;
  if (only === undefined) return showToast(text.nothingToSkip, undefined, "undo");
  linger(idsOf(open));
  moveFocusOff(new Set(idsOf(open)));
  unselect(idsOf(open));
  const command: Command =
    open.length === 1
      ? { kind: "skip", id: only.id }
      : { kind: "bulk", operations: open.map(({ id }) => ({ op: "skip", id })) };
  const step = actAndTell(command, open.length === 1 ? text.didSkip(only.title) : text.didSkipMany(open.length));
  if (open.length === 1) tellNextDate(step, only);
};

/** Changes due dates by what a picker said: what it did not name stays, for each task what it has. */
export const changeDue = (targets: readonly Scoped[], change: DueChange, clock: Clock): void => {
  const moved = targets
    .map((target) => ({ ...target, due: changedDue(target.task.due_date, change, clock) }))
    .filter(({ task, due }) => due !== task.due_date);
  if (moved.length === 0) return;
  const patches = moved.map(({ task, due, ...scope }) => ({ id: task.id, patch: { due_date: due }, ...scope }));
  actAndTell(patchFor(patches), toldDue(moved, change, clock));
};

const toldDue = (moved: readonly { task: Task; due: string | null }[], change: DueChange, clock: Clock): string => {
  if ("none" in change) return text.didClearDue(moved.length);
  const dues = new Set(moved.map(({ due }) => due));
  const [common = null] = "day" in change && dues.size > 1 ? [change.day] : dues.size > 1 ? [] : dues;
  const tasks = moved.map(({ task }) => task);
  if (common === null) return text.didChangeTime(tasks.length);
  return rescheduled(tasks, dueWords(common, clock, dueVocabulary).text);
};

/** Moves open tasks to a day; what has a time keeps it. */
export const moveToDay = (tasks: readonly Task[], day: CivilDay, clock: Clock): void =>
  askScope(
    tasks.filter(({ completed }) => !completed),
    "due",
    (targets) => changeDue(targets, { day }, clock),
  );

const rescheduled = (tasks: readonly Task[], due: string): string =>
  tasks.length === 1 ? text.didReschedule(firstTitle(tasks), due) : text.didRescheduleMany(tasks.length, due);

export const setPriority = (tasks: readonly Task[], priority: Priority): void => {
  const changed = tasks.filter((task) => task.priority !== priority);
  if (changed.length === 0) return;
  askScope(changed, "priority", (targets) =>
    actAndTell(
      patchFor(targets.map(({ task, ...scope }) => ({ id: task.id, patch: { priority }, ...scope }))),
      text.didPrioritise(changed.length, text[priority]),
    ),
  );
};

/** Where a text was typed, and what it was made of. */
export interface Typed {
  /** The field whose draft ends when the text is saved. */
  readonly field: string;
  /** The text that was there when typing began. */
  readonly base: string;
}

/** Edits save by themselves, without a toast for every one; Ctrl-Z takes them back all the same. */
export const renameTask = (task: Task, title: string, typed?: Typed): void => {
  const trimmed = title.trim();
  if (trimmed === "" || trimmed === task.title) return forget(typed);
  const base = { title: typed?.base ?? task.title };
  askScope([task], "title", ([target]) =>
    act(
      { kind: "update", id: task.id, patch: { title: trimmed }, base, ...scopeOf(target) },
      text.didRename(trimmed),
      typed?.field,
    ),
  );
};

export const describeTask = (task: Task, description: string, typed?: Typed): void => {
  const next = description.trim() === "" ? null : description;
  if (next === task.description) return forget(typed);
  const base = { description: (typed?.base ?? task.description) || null };
  askScope([task], "description", ([target]) =>
    act(
      { kind: "update", id: task.id, patch: { description: next }, base, ...scopeOf(target) },
      text.didDescribe(task.title),
      typed?.field,
    ),
  );
};

/** Ticks a check box in a description. What was done is done on this date, and never asked for others. */
export const tickBox = (task: Task, description: string): void => {
  const base = { description: task.description };
  if (description !== task.description)
    act({ kind: "update", id: task.id, patch: { description }, base }, text.didDescribe(task.title));
};

const scopeOf = ({ scope }: Partial<Scoped> = {}): { readonly scope?: SeriesScope } =>
  scope === undefined ? {} : { scope };

const forget = (typed: Typed | undefined): void => (typed === undefined ? undefined : dropDraft(typed.field));

export interface NewTaskFields extends Omit<NewTask, "id"> {
  due_date: string | null;
  priority: Priority;
}

/** Adds one task. Answers its id. `field` is where it was typed, whose draft ends. */
export const addTask = (fields: NewTaskFields, field?: string): string => {
  const id = newId();
  act({ kind: "create", task: { id, ...fields } }, text.didAdd(fields.title), field);
  return id;
};

/** Adds several at once: one step to take back. Answers their ids. */
export const addTasks = (tasks: readonly NewTaskFields[], field?: string): string[] => {
  const withIds = tasks.map((fields) => ({ id: newId(), ...fields }));
  actAndTell(
    { kind: "bulk", operations: withIds.map((task) => ({ op: "create", task })) },
    text.didAddMany(tasks.length),
    field,
  );
  return withIds.map(({ id }) => id);
};
