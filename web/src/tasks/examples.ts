import { create } from "zustand";
import { addTask, deleteTasks, tasksOf } from "./actions.ts";
import type { Clock } from "../time/due-date.ts";
import { text } from "./messages.ts";

/** Where this device remembers which tasks of a user are the examples of the first visit. */
const storageKey = (userId: string): string => `taskflow.examples.${userId}`;

interface ExamplesState {
  readonly userId: string | null;
  readonly ids: readonly string[];
}

/** The example tasks that have not been cleared. */
export const useExamples = create<ExamplesState>(() => ({ userId: null, ids: [] }));

export const loadExamples = (userId: string): void => {
  const ids = JSON.parse(localStorage.getItem(storageKey(userId)) ?? "[]") as string[];
  useExamples.setState({ userId, ids });
};

/** Gives a new user three tasks to try things on. */
export const addExamples = (userId: string, clock: Clock): void => {
  const due_date = clock.day;
  const ids = [
    addTask({ title: text.example1, due_date, priority: "high" }),
    addTask({ title: text.example2, due_date, priority: "medium" }),
    addTask({ title: text.example3, due_date, priority: "low", description: text.example3Text }),
  ];
  remember(userId, ids);
};

/** Throws away those of the examples that are still there. */
export const clearExamples = (): void => {
  const { userId, ids } = useExamples.getState();
  deleteTasks(tasksOf(ids));
  if (userId !== null) remember(userId, []);
};

const remember = (userId: string, ids: readonly string[]): void => {
  if (ids.length === 0) localStorage.removeItem(storageKey(userId));
  else localStorage.setItem(storageKey(userId), JSON.stringify(ids));
  useExamples.setState({ userId, ids });
};
