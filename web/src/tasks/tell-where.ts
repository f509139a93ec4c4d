import { navigate } from "wouter/use-browser-location";
import type { Task } from "../../../src/contract/task.ts";
import { showToast } from "../ui/Toasts.tsx";
import { clockNow } from "../time/clock.ts";
import { dayOf, type Clock } from "../time/due-date.ts";
import { tasksOf } from "./actions.ts";
import { focusRow, focusRowInNextView, rowId } from "./list-focus.ts";
import { useList } from "./list-state.ts";
import { text } from "./messages.ts";

/** The view that a task without or with its due date belongs to. */
const viewOf = ({ due_date }: Pick<Task, "due_date">, { day, zone }: Clock): { path: string; name: string } => {
  if (due_date === null) return { path: "/all", name: text.all };
  return dayOf(due_date, zone) > day
    ? { path: "/upcoming", name: text.upcoming }
    : { path: "/today", name: text.today };
};

const isInSight = (id: string): boolean => {
  const row = document.getElementById(rowId(id))?.getBoundingClientRect();
  const view = document.querySelector("main")?.getBoundingClientRect();
  return row !== undefined && view !== undefined && row.top >= view.top && row.bottom <= view.bottom;
};

const say = (task: Task): void => {
  const { path, name } = viewOf(task, clockNow());
  if (useList.getState().order.includes(task.id))
    return showToast(text.didAddBelow(task.title), { label: text.show, run: () => focusRow(task.id) }, "added");
  const show = (): void => {
    focusRowInNextView(task.id);
    navigate(path);
  };
  showToast(text.didAddElsewhere(task.title, name), { label: text.show, run: show }, "added");
};

/** Says where a task is that was added out of sight, with a way to it. */
export const tellWhereAdded = (id: string): void => {
  // The list has its row, if it gets one, when the page is drawn next.
  requestAnimationFrame(() =>
    setTimeout(() => {
      const [task] = tasksOf([id]);
      if (task !== undefined && !isInSight(id)) say(task);
    }),
  );
};
