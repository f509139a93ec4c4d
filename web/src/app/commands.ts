import { navigate } from "wouter/use-browser-location";
import type { Task } from "../../../src/contract/task.ts";
import { markAllRead } from "../api/inbox-store.ts";
import { useTasks } from "../api/tasks-store.ts";
import { canAddHere, startAdding } from "../tasks/adding.ts";
import { deleteTasks, skipOccurrences, tasksOf, toggleCompleted } from "../tasks/actions.ts";
import { redo, undo } from "../tasks/undo-steps.ts";
import { closeTask, extendSelection, focusedId, isInPanel, moveFocus, panelId, rowId } from "../tasks/list-focus.ts";
import {
  clearSelection,
  closePicker,
  openPicker,
  selectAllRows,
  startEditing,
  toggleSelected,
  useList,
  type Picker,
} from "../tasks/list-state.ts";
import { openedTaskId, openHistory } from "../tasks/open-task.ts";
import { isSeries, openOccurrenceOf } from "../tasks/series.ts";
import { showToast } from "../ui/Toasts.tsx";
import { chooseTheme } from "../ui/theme.ts";
import { showOverlay } from "./address.ts";
import { showAsItWas } from "./as-it-was.tsx";
import { mainId } from "./main-id.ts";
import { text } from "./messages.ts";
import { toggleSidebar } from "./sidebar-state.ts";

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  /** Bindings, the first of which is shown. */
  readonly keys: readonly string[];
  readonly run: () => void;
  /** Where it is not, its keys are the browser's. */
  readonly isPossible?: () => boolean;
  /** Makes no sense in the palette, where nothing has the focus but the palette. */
  readonly isKeyOnly?: boolean;
}

/** The open task, while the focus is in its panel. */
const taskOfPanel = (): string | null =>
  focusedId() === null && isInPanel(document.activeElement) ? openedTaskId() : null;

/**
 * The tasks a key acts on, which all show that they are meant: the open one while the focus is in its panel, else the
 * selected ones, else the row with the focus. With the focus on neither, the one that is open.
 */
const aimedAt = (): Task[] => {
  const { selected } = useList.getState();
  const inPanel = taskOfPanel();
  if (inPanel !== null) return tasksOf([inPanel]);
  if (selected.size > 0) return tasksOf(selected);
  return tasksOf([focusedId() ?? openedTaskId() ?? ""]);
};

const onAimed = (use: (tasks: Task[]) => void) => (): void => {
  const tasks = aimedAt();
  if (tasks.length > 0) use(tasks);
  else if (useList.getState().order.length > 0) showToast(text.noTaskAimed, undefined, "undo");
};

/** Through a series its open occurrence is meant, which is what there is to do. */
const onOccurrences = (use: (tasks: Task[]) => void): (() => void) =>
  onAimed((tasks) => {
    const { view } = useTasks.getState().replica;
    const meant = tasks.flatMap((task) => (isSeries(task) ? (openOccurrenceOf(view.values(), task.id) ?? []) : task));
    if (meant.length > 0) use(meant);
  });

const pick = (kind: Picker["kind"]) =>
  onAimed((tasks) => {
    const [first] = tasks;
    const panel = document.getElementById(panelId);
    const anchor =
      taskOfPanel() === null
        ? document.getElementById(rowId(first?.id ?? ""))
        : (panel?.querySelector(`[data-pick="${kind}"]`) ?? panel);
    openPicker({ kind, ids: tasks.map(({ id }) => id), anchor });
  });

/** Adds to the view on the screen, or to Today where that has no place for it. */
export const add = (): void => {
  if (!canAddHere()) navigate("/today");
  startAdding();
};

const closeOrClear = (): void => {
  if (useList.getState().selected.size > 0) return clearSelection();
  const opened = openedTaskId();
  if (opened !== null) closeTask(opened);
};

const showPalette = (): void => {
  closePicker();
  showOverlay("palette");
};

/** Everything is selected where the rows are: elsewhere it is the text that Ctrl-A means. */
const isInList = (): boolean =>
  useList.getState().order.length > 0 &&
  (focusedId() !== null || document.activeElement?.id === mainId || useList.getState().selected.size > 0);

const go = (id: string, name: string, path: string, key: string): Command => ({
  id,
  name,
  group: text.groupGo,
  keys: [`g ${key}`],
  run: () => navigate(path),
});

/** Every command, with its keys: the palette, the sheet of keys and the keyboard itself read this one table. */
export const commands: readonly Command[] = [
  { id: "add", name: text.addTask, group: text.groupAnywhere, keys: ["q", "c"], run: add },
  {
    id: "palette",
    name: text.openPalette,
    group: text.groupAnywhere,
    keys: ["Ctrl k"],
    run: showPalette,
    isKeyOnly: true,
  },
  {
    id: "search",
    name: text.searchTasks,
    group: text.groupAnywhere,
    keys: ["/"],
    run: showPalette,
    isKeyOnly: true,
  },
  { id: "undo", name: text.undo, group: text.groupAnywhere, keys: ["Ctrl z"], run: undo },
  { id: "redo", name: text.redo, group: text.groupAnywhere, keys: ["Ctrl Shift z", "Ctrl y"], run: redo },
  {
    id: "read-all",
    name: text.markAllRead,
    group: text.groupAnywhere,
    keys: [],
    run: () => void markAllRead().catch(() => undefined),
  },
  { id: "sidebar", name: text.toggleSidebar, group: text.groupAnywhere, keys: ["["], run: toggleSidebar },
  { id: "keys", name: text.showKeys, group: text.groupAnywhere, keys: ["?"], run: () => showOverlay("keys") },
  { id: "next", name: text.nextTask, group: text.groupTask, keys: ["j"], run: () => moveFocus(1), isKeyOnly: true },
  {
    id: "previous",
    name: text.previousTask,
    group: text.groupTask,
    keys: ["k"],
    run: () => moveFocus(-1),
    isKeyOnly: true,
  },
  { id: "open", name: text.openTask, group: text.groupTask, keys: ["Enter"], run: () => undefined, isKeyOnly: true },
  {
    id: "select",
    name: text.selectTask,
    group: text.groupTask,
    keys: ["x"],
    run: () => toggleFocused(),
    isKeyOnly: true,
  },
  {
    id: "select-next",
    name: text.selectNext,
    group: text.groupTask,
    keys: ["Shift j"],
    run: () => extendSelection(1),
    isKeyOnly: true,
  },
  {
    id: "select-previous",
    name: text.selectPrevious,
    group: text.groupTask,
    keys: ["Shift k"],
    run: () => extendSelection(-1),
    isKeyOnly: true,
  },
  {
    id: "select-all",
    name: text.selectAll,
    group: text.groupTask,
    keys: ["Ctrl a"],
    run: selectAllRows,
    isPossible: isInList,
    isKeyOnly: true,
  },
  { id: "complete", name: text.completeTask, group: text.groupTask, keys: ["e"], run: onOccurrences(toggleCompleted) },
  { id: "due", name: text.setDue, group: text.groupTask, keys: ["d"], run: pick("due") },
  { id: "priority", name: text.setPriority, group: text.groupTask, keys: ["p"], run: pick("priority") },
  { id: "repeat", name: text.setRepeat, group: text.groupTask, keys: ["y"], run: pick("repeat") },
  { id: "reminders", name: text.setReminders, group: text.groupTask, keys: ["r"], run: pick("reminders") },
  { id: "skip", name: text.skipOccurrence, group: text.groupTask, keys: ["s"], run: onOccurrences(skipOccurrences) },
  {
    id: "rename",
    name: text.rename,
    group: text.groupTask,
    keys: ["F2"],
    run: onAimed(([task]) => task && startEditing(task.id)),
  },
  {
    id: "history",
    name: text.showHistory,
    group: text.groupTask,
    keys: ["h"],
    run: onAimed(([task]) => task && openHistory(task.id)),
  },
  { id: "delete", name: text.deleteTask, group: text.groupTask, keys: ["Delete"], run: onAimed(deleteTasks) },
  { id: "close", name: text.closeTask, group: text.groupTask, keys: ["Escape"], run: closeOrClear, isKeyOnly: true },
  go("today", text.goToday, "/today", "t"),
  go("upcoming", text.goUpcoming, "/upcoming", "u"),
  go("all", text.goAll, "/all", "a"),
  go("series", text.goSeries, "/series", "s"),
  go("completed", text.goCompleted, "/completed", "d"),
  go("trash", text.goTrash, "/trash", "x"),
  go("activity", text.goActivity, "/activity", "h"),
  go("statistics", text.goStatistics, "/statistics", "i"),
  go("notifications", text.goNotifications, "/notifications", "n"),
  go("settings", text.goSettings, "/settings", ","),
  go("notification-settings", text.goNotificationSettings, "/settings/notifications", ";"),
  { id: "as-it-was", name: text.showAsItWas, group: text.groupGo, keys: [], run: showAsItWas },
  { id: "light", name: text.themeLight, group: text.groupLook, keys: [], run: () => chooseTheme("light") },
  { id: "dark", name: text.themeDark, group: text.groupLook, keys: [], run: () => chooseTheme("dark") },
  { id: "system", name: text.themeSystem, group: text.groupLook, keys: [], run: () => chooseTheme("system") },
];

const toggleFocused = (): void => {
  const id = focusedId();
  if (id !== null) toggleSelected(id);
};
