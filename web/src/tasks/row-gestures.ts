import type { DOMAttributes, MouseEvent, PointerEvent } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { restoreTask, tasksOf, toggleCompleted } from "./actions.ts";
import { focusRow, rowId, taskOfRow } from "./list-focus.ts";
import { openPicker, selectTo, toggleSelected, useList } from "./list-state.ts";
import { text } from "./messages.ts";

/**
 * What a pointer does to rows beside opening them. With a mouse: Ctrl-click selects one, Shift-click up to one. With a
 * finger: a long press selects, after which a tap does; a swipe to the right completes, one to the left asks for a date.
 */

/** Less than this and a finger has not moved. */
const stillPx = 10;
/** From here on a swipe does something when the finger leaves. */
const reachedPx = 80;
const longPressMs = 450;

interface Touch {
  readonly row: HTMLElement;
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout>;
  isSwipe: boolean;
}

interface Swipe {
  readonly label: string;
  readonly run: () => void;
}

let touch: Touch | null = null;
/** The finger has done something already: the click that follows is no tap. */
let isSpent = false;

const swipesOf = (task: Task, row: HTMLElement): { readonly right: Swipe; readonly left?: Swipe } => {
  if (task.deleted_at !== null) return { right: { label: text.restoreShort, run: () => restoreTask(task) } };
  const anchor = row.querySelector(`#${rowId(task.id)}`);
  return {
    right: {
      label: task.completed ? text.reopenShort : text.completeShort,
      run: () => toggleCompleted([task]),
    },
    left: { label: text.dueDate, run: () => openPicker({ kind: "due", ids: [task.id], anchor }) },
  };
};

const swipeOf = ({ row, id }: Touch, dx: number): Swipe | undefined => {
  const [task] = tasksOf([id]);
  return task && swipesOf(task, row)[dx > 0 ? "right" : "left"];
};

const show = ({ row }: Touch, dx: number, swipe: Swipe | undefined): void => {
  row.style.setProperty("--swipe", `${swipe === undefined ? 0 : dx}px`);
  row.dataset["swipe"] = dx > 0 ? "right" : "left";
  row.dataset["swipeLabel"] = swipe?.label ?? "";
  row.toggleAttribute("data-reached", swipe !== undefined && Math.abs(dx) >= reachedPx);
};

/** Ends what the finger was at; the row goes back to its place. */
const release = (): Touch | null => {
  const ended = touch;
  touch = null;
  if (ended === null) return null;
  clearTimeout(ended.timer);
  ended.row.style.removeProperty("--swipe");
  for (const name of ["data-swipe", "data-swipe-label", "data-reached"]) ended.row.removeAttribute(name);
  return ended;
};

const rowOf = (target: EventTarget): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("li") : null;

const begin = (event: PointerEvent): void => {
  release();
  isSpent = false;
  const row = rowOf(event.target);
  const id = taskOfRow(row);
  if (event.pointerType !== "touch" || !event.isPrimary || row === null || id === null) return;
  const select = (): void => {
    release();
    isSpent = true;
    toggleSelected(id);
  };
  touch = { row, id, x: event.clientX, y: event.clientY, timer: setTimeout(select, longPressMs), isSwipe: false };
};

const move = (event: PointerEvent): void => {
  if (touch === null) return;
  const dx = event.clientX - touch.x;
  const dy = event.clientY - touch.y;
  if (!touch.isSwipe) {
    if (Math.max(Math.abs(dx), Math.abs(dy)) < stillPx) return;
    clearTimeout(touch.timer);
    // The list scrolls: the browser has the finger.
    if (Math.abs(dx) < Math.abs(dy)) return void release();
    touch.isSwipe = true;
    touch.row.setPointerCapture(event.pointerId);
  }
  show(touch, dx, swipeOf(touch, dx));
};

const end = (event: PointerEvent): void => {
  const ended = release();
  if (ended?.isSwipe !== true) return;
  isSpent = true;
  const dx = event.clientX - ended.x;
  if (Math.abs(dx) >= reachedPx) swipeOf(ended, dx)?.run();
};

const stop = (event: MouseEvent): void => {
  event.preventDefault();
  event.stopPropagation();
};

/** A click that selects instead of opening. Buttons of a row keep their clicks. */
const select = (event: MouseEvent): void => {
  if (isSpent) {
    isSpent = false;
    return stop(event);
  }
  const id = taskOfRow(rowOf(event.target));
  const isButton = event.target instanceof Element && event.target.closest("button, input") !== null;
  if (id === null || isButton) return;
  const isTouch = document.documentElement.dataset["pointer"] === "touch";
  const isOneMore = event.ctrlKey || event.metaKey || (isTouch && useList.getState().selected.size > 0);
  if (!isOneMore && !event.shiftKey) return;
  stop(event);
  if (event.shiftKey) selectTo(id);
  else toggleSelected(id);
  focusRow(id);
};

/** With Shift or Ctrl a press selects rows, and neither their text nor another place of the focus. */
const keepText = (event: MouseEvent): void => {
  if (event.shiftKey || event.ctrlKey || event.metaKey) event.preventDefault();
};

/** A long press selects the row: the browser's own menu for links would lie over it. */
const keepMenu = (event: MouseEvent): void => {
  if (touch !== null || isSpent) event.preventDefault();
};

/** The handlers of a list of rows. */
export const rowGestures: DOMAttributes<HTMLUListElement> = {
  onPointerDown: begin,
  onPointerMove: move,
  onPointerUp: end,
  onPointerCancel: release,
  onMouseDown: keepText,
  onClickCapture: select,
  onContextMenu: keepMenu,
};
