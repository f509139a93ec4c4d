import type { Task, TaskPatch } from "../../../src/contract/task.ts";

/** Texts of a task. Of these, unlike of a date or a priority, a later one does not make an earlier one worthless. */
export type Texts = Partial<Pick<Task, "title" | "description">>;

/** What became of a text that another device had changed meanwhile. */
export type TextNews =
  | { readonly kind: "title-replaced"; readonly theirs: string }
  | { readonly kind: "description-merged" | "description-both" | "description-replaced" };

/** An update of texts, and what it was made of. */
export interface TextUpdate {
  readonly patch: TaskPatch;
  readonly base: Texts;
}

/** Whether another device has changed a text since an update of it was begun, and not to the same. */
export const isOutdated = ({ patch, base }: TextUpdate, current: Texts, field: keyof Texts): boolean =>
  patch[field] !== undefined &&
  base[field] !== undefined &&
  current[field] !== base[field] &&
  current[field] !== patch[field];
