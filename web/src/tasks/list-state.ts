import { create } from "zustand";

/** What is open at a task's row: the due date, the priority, the way of repeating or the reminders of some tasks. */
export interface Picker {
  readonly kind: "due" | "priority" | "repeat" | "reminders";
  readonly ids: readonly string[];
  readonly anchor: Element | null;
}

/** A title being edited in its row; `text` is what was typed before, when that could not be saved. */
export interface Editing {
  readonly id: string;
  readonly text?: string;
}

interface ListState {
  /** The rows on the screen, in order. */
  readonly order: readonly string[];
  /** Where the keyboard is, or was last. */
  readonly current: { readonly id: string; readonly index: number } | null;
  readonly selected: ReadonlySet<string>;
  readonly editing: Editing | null;
  /** Completed a moment ago: they stay in their place until they close. */
  readonly lingering: ReadonlySet<string>;
  readonly picker: Picker | null;
  /** Scrolls a row into view; given by the list that is on the screen. */
  readonly reveal: (id: string) => void;
}

/** What the user is at in the lists: nothing of it is kept, nothing of it is the server's. */
export const useList = create<ListState>(() => ({
  order: [],
  current: null,
  selected: new Set(),
  editing: null,
  lingering: new Set(),
  picker: null,
  reveal: () => {},
}));

const lingerMs = 700;

export const rowId = (id: string): string => `task-${id}`;

/** Puts the keyboard on a row, scrolling to it first: rows far away are not on the page. */
export const focusRow = (id: string): void => {
  const { order, reveal } = useList.getState();
  useList.setState({ current: { id, index: order.indexOf(id) } });
  reveal(id);
  requestAnimationFrame(() => document.getElementById(rowId(id))?.focus());
};

/** The row that has the focus, if any. */
export const focusedId = (): string | null => {
  const row = document.activeElement?.closest("li")?.querySelector("[id^='task-']");
  return row?.id.slice("task-".length) ?? null;
};

/** Moves the keyboard by rows; from nowhere it starts at the first. */
export const moveFocus = (step: 1 | -1): void => {
  const { order, current } = useList.getState();
  const next = order[nextIndex(order, current, step)];
  if (next !== undefined) focusRow(next);
};

/** A row that is gone leaves its place to the one that followed it. */
const nextIndex = (order: readonly string[], current: ListState["current"], step: 1 | -1): number => {
  if (current === null) return 0;
  const index = order.indexOf(current.id);
  const next = index >= 0 ? index + step : current.index + (step === 1 ? 0 : -1);
  return Math.max(0, Math.min(order.length - 1, next));
};

/** When the focus is on one of these rows it goes on to the next that stays. */
export const moveFocusOff = (ids: ReadonlySet<string>): void => {
  const focused = focusedId();
  if (focused === null || !ids.has(focused)) return;
  const { order } = useList.getState();
  const from = order.indexOf(focused);
  const stays = (id: string): boolean => !ids.has(id);
  const next = order.slice(from).find(stays) ?? order.slice(0, from).findLast(stays);
  if (next !== undefined) focusRow(next);
};

export const toggleSelected = (id: string): void =>
  useList.setState(({ selected }) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return { selected: next };
  });

export const clearSelection = (): void => useList.setState({ selected: new Set() });

export const startEditing = (editing: Editing): void => useList.setState({ editing });
export const stopEditing = (): void => useList.setState({ editing: null });

export const openPicker = (picker: Picker): void => useList.setState({ picker });
export const closePicker = (): void => useList.setState({ picker: null });

/** Keeps completed tasks in their place until the eye has followed. */
export const linger = (ids: readonly string[]): void => {
  useList.setState(({ lingering }) => ({ lingering: new Set([...lingering, ...ids]) }));
  setTimeout(
    () =>
      useList.setState(({ lingering }) => ({ lingering: new Set([...lingering].filter((id) => !ids.includes(id))) })),
    lingerMs,
  );
};
