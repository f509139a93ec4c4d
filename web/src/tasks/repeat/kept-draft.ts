import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { Draft as KeptDraft } from "../../api/kept-drafts.ts";
import type { CivilDay } from "../../time/due-date.ts";
import { patternOf, readChoices, type Weekday } from "./choices.ts";
import type { Draft } from "./draft.ts";
import { presetIds } from "./presets.ts";

/** What the repeat editor keeps on this device until it is saved or thrown away. */
export interface RepeatDraft {
  readonly draft: Draft;
  readonly scope: SeriesScope;
}

const kinds = [...presetIds, "none", "custom", "kept"] as const;
const bases = ["schedule", "completion"] as const;
const scopes = ["this", "following", "all"] as const;
const civilDay = /^\d{4}-\d\d-\d\d$/;
const countOfDates = /^[1-9]\d{0,2}$/;

/** Where the draft of a task, or of the series it is a date of, is kept. */
export const repeatField = (id: string): string => `repeat.${id}`;

export const writeRepeatDraft = ({ draft, scope }: RepeatDraft): KeptDraft => ({
  kind: draft.kind,
  rule: patternOf(draft.custom),
  basis: draft.basis,
  end: draft.endDate ?? "",
  count: draft.count === null ? "" : String(draft.count),
  scope,
});

/**
 * Null when there is none, or what is kept says nothing any more: from another version of the app, or of a rule that
 * was to be kept and is gone (`hasRule`).
 */
export const readRepeatDraft = (
  kept: KeptDraft | undefined,
  day: CivilDay,
  weekStart: Weekday,
  hasRule: boolean,
): RepeatDraft | null => {
  const { rule = "", end = "", count = "" } = kept ?? {};
  const kind = kinds.find((each) => each === kept?.kind);
  const basis = bases.find((each) => each === kept?.basis);
  const scope = scopes.find((each) => each === kept?.scope);
  const custom = readChoices(rule, day, weekStart);
  if (kind === undefined || basis === undefined || scope === undefined || custom === null) return null;
  if ((end !== "" && !civilDay.test(end)) || (count !== "" && !countOfDates.test(count))) return null;
  if (kind === "kept" && !hasRule) return null;
  return {
    draft: { kind, custom, basis, endDate: end === "" ? null : end, count: count === "" ? null : Number(count) },
    scope,
  };
};
