import type { CivilDay } from "../../time/due-date.ts";
import type { Repeat } from "./actions.ts";
import { choicesFor, patternOf, readChoices, type Choices, type Weekday } from "./choices.ts";
import { presetChoices, presetOf, type PresetId } from "./presets.ts";

/** What the repeat editor has in its fields. */
export interface Draft {
  /** `kept` is a rule that the editor has no choices for: it stays as it is. */
  readonly kind: PresetId | "none" | "custom" | "kept";
  readonly custom: Choices;
  readonly basis: Repeat["basis"];
  readonly endDate: CivilDay | null;
  /** How many dates there are, when that is what ends it. */
  readonly count: number | null;
}

const countPart = /;COUNT=(\d+)/;

/**
 * The fields for how a task repeats now; null is a task that does not, which is offered every week. `weekStart` is the
 * user's.
 */
export const draftOf = (repeat: Repeat | null, day: CivilDay, weekStart: Weekday = "MO"): Draft => {
  const [counted = "", count] = countPart.exec(repeat?.pattern ?? "") ?? [];
  const custom =
    repeat === null ? choicesFor(day, weekStart) : readChoices(repeat.pattern.replace(counted, ""), day, weekStart);
  const kind = repeat === null ? "weekly" : custom === null ? "kept" : (presetOf(custom, day) ?? "custom");
  return {
    kind,
    custom: custom ?? choicesFor(day, weekStart),
    basis: repeat?.basis ?? "schedule",
    endDate: repeat?.endDate ?? null,
    // A rule that is kept has its count in it.
    count: count === undefined || custom === null ? null : Number(count),
  };
};

/** The fields after another entry was chosen from the list: custom begins with what was chosen before it. */
export const chosen = (draft: Draft, kind: Draft["kind"], day: CivilDay): Draft => {
  const isPreset = draft.kind !== "none" && draft.kind !== "custom" && draft.kind !== "kept";
  const begun = isPreset ? { ...presetChoices(draft.kind, day), weekStart: draft.custom.weekStart } : draft.custom;
  return { ...draft, kind, custom: kind === "custom" ? begun : draft.custom };
};

/** Whether the fields say which days; a week without any would have no date. */
export const isComplete = ({ kind, custom }: Draft): boolean =>
  kind !== "custom" || custom.unit !== "week" || custom.weekdays.length > 0;

/** What the fields say; null for a task that does not repeat. `before` is what a kept rule is kept from. */
export const repeatOf = (
  { kind, custom, basis, endDate, count }: Draft,
  day: CivilDay,
  before: Repeat | null,
): Repeat | null => {
  if (kind === "none") return null;
  if (kind === "kept") return before === null ? null : { ...before, basis, endDate };
  const pattern = patternOf(kind === "custom" ? custom : presetChoices(kind, day));
  return { pattern: count === null ? pattern : `${pattern};COUNT=${count}`, basis, endDate };
};
