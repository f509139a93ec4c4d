import { create } from "zustand";
import { allOf, nothingSelected, rangedTo, toggled, type Selection } from "./ranges.ts";

/** What is open at a task's row: the due date, the priority, the way of repeating or the reminders of some tasks. */
export interface Picker {
  readonly kind: "due" | "priority" | "repeat" | "reminders";
  readonly ids: readonly string[];
  readonly anchor: Element | null;
}

interface ListState extends Selection {
  /** The rows on the screen, in order. */
  readonly order: readonly string[];
  /** Where the keyboard is, or was last. */
  readonly current: { readonly id: string; readonly index: number } | null;
  /** A row that gets the keyboard when a list has it. */
  readonly wanted: string | null;
  /** The task whose title is being edited in its row. */
  readonly editing: string | null;
  /** Completed a moment ago: they stay in their place until they close. */
  readonly lingering: ReadonlySet<string>;
  readonly picker: Picker | null;
  /** Scrolls a row into view; given by the list that is on the screen. */
  readonly reveal: (id: string) => void;
}

/** What the user is at in the lists: nothing of it is kept, nothing of it is the server's. */
export const useList = create<ListState>(() => ({
  ...nothingSelected,
  order: [],
  current: null,
  wanted: null,
  editing: null,
  lingering: new Set(),
  picker: null,
  reveal: () => {},
}));

const lingerMs = 700;

/** A list that leaves the screen has no rows for the keys to act on, and none to come back to. */
export const leaveList = (): void => useList.setState({ order: [], current: null, editing: null, reveal: () => {} });

export const toggleSelected = (id: string): void => useList.setState((state) => toggled(state, id));

/** Selects from the row that was selected last, or from the one with the keyboard, to this one. */
export const selectTo = (id: string): void =>
  useList.setState((state) => rangedTo(state, state.order, state.current?.id ?? id, id));

export const selectAllRows = (): void => useList.setState(({ order }) => allOf(order));

/** What is done with these rows is done; others stay selected. */
export const unselect = (ids: readonly string[]): void =>
  useList.setState((state) => {
    const rest = [...state.selected].filter((id) => !ids.includes(id));
    return rest.length === 0 ? nothingSelected : { selected: new Set(rest), anchor: null, base: new Set(rest) };
  });

export const clearSelection = (): void => useList.setState(nothingSelected);

export const startEditing = (id: string): void => useList.setState({ editing: id });
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
