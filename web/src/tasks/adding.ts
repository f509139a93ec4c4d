import { create } from "zustand";
import { quickAddId } from "./quick-add-id.ts";

/** Whether the user is about to add a task: the field gets the keyboard, on a phone it appears first. */
export const useAdding = create<{ readonly isAdding: boolean }>(() => ({ isAdding: false }));

export const startAdding = (): void => {
  useAdding.setState({ isAdding: true });
  focusAddField();
};

export const stopAdding = (): void => useAdding.setState({ isAdding: false });

export const focusAddField = (): void => document.getElementById(quickAddId)?.focus();

/** Views with a place to add to. */
let places = 0;

export const canAddHere = (): boolean => places > 0;

/** Says that the view on the screen has a place to add to. Answers how to take that back. */
export const offerAdding = (): (() => void) => {
  places += 1;
  return () => {
    places -= 1;
    stopAdding();
  };
};
