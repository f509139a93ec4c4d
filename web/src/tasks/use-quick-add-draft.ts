import { dropDraft, keepDraft, useDraft } from "../api/drafts.ts";
import type { Draft } from "../api/kept-drafts.ts";
import type { Span } from "../../../src/domain/quick-add/span.ts";
import type { Priority } from "../../../src/contract/task.ts";

import { readParts, writeParts } from "./quick-add/literal-parts.ts";

/** What is being added, as far as it was typed or chosen. */
export interface NewTaskDraft {
  readonly title: string;
  readonly due: string | null;
  readonly priority: Priority;
  /** Parts of the title that are not to be understood. */
  readonly literal: readonly Span[];
  /** Lines that were pasted, until it is known what they are. */
  readonly pasted: readonly string[];
}

/** One for all views: what was begun in one can be added from another. */
export const quickAddField = "quick-add";

/** What is being added, kept on this device until it is added. `defaultDue` counts as long as no other was chosen. */
export const useQuickAddDraft = (defaultDue: string | null) => {
  const kept = useDraft(quickAddField);
  const draft = readDraft(kept, defaultDue);
  const change = (fields: Partial<NewTaskDraft>): void => {
    const next = written({ ...draft, ...fields }, "due" in fields || kept?.due !== undefined);
    if (next === null) dropDraft(quickAddField);
    else keepDraft(quickAddField, next);
  };
  return { draft, change };
};

const readDraft = (kept: Draft = {}, defaultDue: string | null): NewTaskDraft => ({
  title: kept.title ?? "",
  due: kept.due === undefined ? defaultDue : kept.due === "" ? null : kept.due,
  priority: kept.priority === "high" || kept.priority === "low" ? kept.priority : "medium",
  literal: readParts(kept.literal),
  pasted: kept.pasted === undefined ? [] : kept.pasted.split("\n"),
});

/** Null when it says nothing. */
const written = ({ title, due, priority, literal, pasted }: NewTaskDraft, isDueChosen: boolean): Draft | null => {
  if (title === "" && pasted.length === 0 && priority === "medium" && !isDueChosen) return null;
  return {
    title,
    priority,
    ...(isDueChosen ? { due: due ?? "" } : {}),
    ...(literal.length === 0 ? {} : { literal: writeParts(literal) }),
    ...(pasted.length === 0 ? {} : { pasted: pasted.join("\n") }),
  };
};
