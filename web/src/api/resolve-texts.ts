import type { Task } from "../../../src/contract/task.ts";
import { mergeText } from "./merge-text.ts";
import type { Refusal } from "./operation.ts";
import { isOutdated, type TextNews, type Texts, type TextUpdate } from "./texts.ts";

interface Resolved extends TextUpdate {
  readonly news: TextNews;
}

/** The longest description the contract allows. */
const MAX_DESCRIPTION_LENGTH = 5000;

/**
 * What becomes of an update of texts that another device has changed since it was begun. A description is merged by
 * lines. Of two titles the later one stays: `at` is when the user typed this one, `renamedAt` when the task got the one
 * it has.
 */
export const resolveTexts = (
  update: TextUpdate & { readonly at: string },
  current: Task,
  renamedAt: string,
): Resolved | Refusal => {
  const { patch, base, at } = update;
  if (isOutdated(update, current, "title")) {
    if (at < renamedAt)
      return { code: "renamed_since", message: `it was renamed “${current.title}” later, on another device` };
    return { patch, base: presentOf(base, current), news: { kind: "title-replaced", theirs: current.title } };
  }
  const { text, hasBoth } = mergeText(base.description ?? "", patch.description ?? "", current.description ?? "");
  // Where there is no room for both, this device's is written: the other one is in the history.
  if (text.length > MAX_DESCRIPTION_LENGTH)
    return { patch, base: presentOf(base, current), news: { kind: "description-replaced" } };
  return {
    patch: { ...patch, description: text === "" ? null : text },
    base: presentOf(base, current),
    news: { kind: hasBoth ? "description-both" : "description-merged" },
  };
};

/** The texts of the base as they are now. */
const presentOf = (base: Texts, { title, description }: Task): Texts => ({
  ...(base.title === undefined ? {} : { title }),
  ...(base.description === undefined ? {} : { description }),
});
