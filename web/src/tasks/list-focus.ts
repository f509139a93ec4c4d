import { selectTo, toggleSelected, useList } from "./list-state.ts";
import { openedTaskId, openTask, replaceOpenTask } from "./open-task.ts";

/** Where the keyboard is in lists and in the panel of a task, and where it goes next. */

const rowPrefix = "task-";
/** Frames that a row has to come onto the page after the list has scrolled to it. */
const mostFrames = 60;

export const rowId = (id: string): string => `${rowPrefix}${id}`;
/** The element of the panel with a task's detail. */
export const panelId = "panel";

/** A row that gets the keyboard as soon as it is on the page. Keys pressed meanwhile are meant for it. */
let awaited: string | null = null;

/** False also while the row is there but nobody can reach it, behind what covers a phone's screen. */
const focusTitle = (id: string): boolean => {
  const title = document.getElementById(rowId(id));
  title?.focus();
  return title !== null && document.activeElement === title;
};

const focusWhenThere = (id: string, frames: number): void => {
  if (awaited !== id) return;
  if (frames === 0 || focusTitle(id)) awaited = null;
  else requestAnimationFrame(() => focusWhenThere(id, frames - 1));
};

/** Puts the keyboard on a row, scrolling to it first: rows far away are not on the page. */
export const focusRow = (id: string): void => {
  const { order, reveal } = useList.getState();
  useList.setState({ current: { id, index: order.indexOf(id) } });
  awaited = null;
  reveal(id);
  if (focusTitle(id)) return;
  awaited = id;
  focusWhenThere(id, mostFrames);
};

/** Puts the keyboard on a row of the view that comes next, as soon as it is there. */
export const focusRowInNextView = (id: string): void => {
  useList.setState({ wanted: id });
};

/** The rows of a list have come: one of them may be what was wanted. */
export const focusWanted = (order: readonly string[]): void => {
  const { wanted } = useList.getState();
  if (wanted === null || !order.includes(wanted)) return;
  useList.setState({ wanted: null });
  focusRow(wanted);
};

/** The task of the row that an element is part of. */
export const taskOfRow = (element: Element | null): string | null =>
  element?.closest("li")?.querySelector(`[id^="${rowPrefix}"]`)?.id.slice(rowPrefix.length) ?? null;

/** Takes note of where the keyboard went: where it is in the list, and that no row waits for it any more. */
export const noteFocus = (element: Element): void => {
  const id = taskOfRow(element);
  if (id !== awaited) awaited = null;
  if (id !== null) useList.setState(({ order }) => ({ current: { id, index: order.indexOf(id) } }));
};

/** The row that has the keyboard, if any. */
export const focusedId = (): string | null => awaited ?? taskOfRow(document.activeElement);

export const isInPanel = (element: Element | null): boolean => element?.closest(`#${panelId}`) != null;

/** Puts the keyboard on the panel itself: its keys act on the task, and Tab goes into it. */
export const focusPanel = (): boolean => {
  const panel = document.getElementById(panelId);
  panel?.focus();
  return panel !== null;
};

/** The place of a row that is gone belongs to the row that followed it, else to the one before. */
const nearest = (): string | undefined => {
  const { order, current, lingering } = useList.getState();
  const stays = (id: string): boolean => !lingering.has(id);
  const known = current === null ? 0 : order.indexOf(current.id);
  const from = known >= 0 ? known : Math.max(0, Math.min(current?.index ?? 0, order.length));
  return order.slice(from).find(stays) ?? order.slice(0, from).findLast(stays) ?? order[from];
};

/** Puts the keyboard on the row where it was last, or the nearest to it. False where there is none. */
export const focusNearestRow = (): boolean => {
  const id = nearest();
  if (id !== undefined) focusRow(id);
  return id !== undefined;
};

/** Closes the panel; the keyboard goes back to the row of its task. */
export const closeTask = (id: string): void => {
  openTask(null);
  if (useList.getState().order.includes(id)) focusRow(id);
};

const nextIndex = (from: { readonly id: string; readonly index: number } | null, step: 1 | -1): number => {
  const { order } = useList.getState();
  if (from === null) return 0;
  const index = order.indexOf(from.id);
  const next = index >= 0 ? index + step : from.index + (step === 1 ? 0 : -1);
  return Math.max(0, Math.min(order.length - 1, next));
};

/** Moves the keyboard by rows; from nowhere it starts at the first. A panel that is open goes along. */
export const moveFocus = (step: 1 | -1): void => {
  const { order, current } = useList.getState();
  const opened = openedTaskId();
  const isPanel = isInPanel(document.activeElement);
  const from = isPanel && opened !== null ? { id: opened, index: current?.index ?? 0 } : current;
  const next = order[nextIndex(from, step)];
  if (next === undefined) return;
  if (opened !== null) replaceOpenTask(next);
  if (!isPanel) return focusRow(next);
  useList.setState({ current: { id: next, index: order.indexOf(next) } });
  useList.getState().reveal(next);
  focusPanel();
};

/** Moves the keyboard by a row, and selects up to there. */
export const extendSelection = (step: 1 | -1): void => {
  const { order, current, selected } = useList.getState();
  const here = focusedId();
  if (here === null) return moveFocus(step);
  const next = order[nextIndex(current, step)];
  if (next === undefined) return;
  if (!selected.has(here)) toggleSelected(here);
  selectTo(next);
  focusRow(next);
};

/** When the keyboard is on one of these rows it goes on to the next that stays. */
export const moveFocusOff = (ids: ReadonlySet<string>): void => {
  const focused = focusedId();
  if (focused === null || !ids.has(focused)) return;
  const { order } = useList.getState();
  const from = order.indexOf(focused);
  const stays = (id: string): boolean => !ids.has(id);
  const next = order.slice(from).find(stays) ?? order.slice(0, from).findLast(stays);
  if (next !== undefined) focusRow(next);
};
