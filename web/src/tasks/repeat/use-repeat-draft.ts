import { useState } from "react";
import { draftOf as keptDraftOf, dropDraft, keepDraft } from "../../api/drafts.ts";
import type { CivilDay } from "../../time/due-date.ts";
import type { Repeat } from "./actions.ts";
import type { Weekday } from "./choices.ts";
import { draftOf } from "./draft.ts";
import { readRepeatDraft, writeRepeatDraft, type RepeatDraft } from "./kept-draft.ts";

interface RepeatDraftInput {
  readonly field: string;
  /** How the task repeats now. */
  readonly repeat: Repeat | null;
  readonly day: CivilDay;
  readonly weekStart: Weekday;
}

interface UsedRepeatDraft extends RepeatDraft {
  /** What shows was chosen before the editor was opened, and not saved. */
  readonly isRestored: boolean;
  readonly change: (fields: Partial<RepeatDraft>) => void;
  /** Throws away what was chosen. */
  readonly discard: () => void;
}

/** What the repeat editor has in its fields, kept on this device with every change. */
export const useRepeatDraft = ({ field, repeat, day, weekStart }: RepeatDraftInput): UsedRepeatDraft => {
  const asItIs = (): RepeatDraft => ({ draft: draftOf(repeat, day, weekStart), scope: "all" });
  const [restored, setRestored] = useState(() => readRepeatDraft(keptDraftOf(field), day, weekStart, repeat !== null));
  const [fields, setFields] = useState(() => restored ?? asItIs());
  const change = (changed: Partial<RepeatDraft>): void => {
    const next = { ...fields, ...changed };
    setFields(next);
    keepDraft(field, writeRepeatDraft(next));
  };
  const discard = (): void => {
    dropDraft(field);
    setRestored(null);
    setFields(asItIs());
  };
  return { ...fields, isRestored: restored !== null, change, discard };
};
