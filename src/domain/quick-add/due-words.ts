import { parseQuickAdd, type QuickAddContext } from "./quick-add.ts";

/** Words that name a due date, or why they do not; null for words that are no date (yet). */
export type DueWords = { readonly due_date: string } | { readonly reason: string } | null;

/**
 * Understands words that are a date or a time and nothing else: "next fri 3pm", "in 3 days", "31 feb". What is said of
 * repeating, reminding and priority is not for a due date, and makes it none.
 */
export const parseDueWords = (words: string, context: QuickAddContext): DueWords => {
  const { task, understood, refused } = parseQuickAdd(`${TITLE} ${words.trim()}`, context);
  const [impossible] = refused;
  if (impossible !== undefined) return { reason: impossible.reason };
  const isDate = understood.every(({ kind }) => kind === "date" || kind === "time");
  return task.title === TITLE && isDate && task.due_date !== undefined ? { due_date: task.due_date } : null;
};

/** A line that is nothing but a date is a title, so there is a title before it. */
const TITLE = "Task";
