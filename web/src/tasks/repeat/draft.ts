import type { CivilDay } from "../../time/due-date.ts";
import type { Repeat } from "./actions.ts";
import { choicesFor, patternOf, readChoices, type Choices } from "./choices.ts";
import { presetChoices, presetOf, type PresetId } from "./presets.ts";

/** What the repeat editor has in its fields. */
export interface Draft {
  /** `kept` is a rule that the editor has no choices for: it stays as it is. */
  readonly kind: PresetId | "none" | "custom" | "kept";
  readonly custom: Choices;
  readonly basis: Repeat["basis"];
  readonly endDate: CivilDay | null;
}

/** The fields for how a task repeats now; null is a task that does not, which is offered every week. */
export const draftOf = (repeat: Repeat | null, day: CivilDay): Draft => {
  const custom = repeat === null ? choicesFor(day) : readChoices(repeat.pattern, day);
  const kind = repeat === null ? "weekly" : custom === null ? "kept" : (presetOf(custom, day) ?? "custom");
  return {
    kind,
    custom: custom ?? choicesFor(day),
    basis: repeat?.basis ?? "schedule",
    endDate: repeat?.endDate ?? null,
  };
};

/** The fields after another entry was chosen from the list: custom begins with what was chosen before it. */
export const chosen = (draft: Draft, kind: Draft["kind"], day: CivilDay): Draft => {
  const isPreset = draft.kind !== "none" && draft.kind !== "custom" && draft.kind !== "kept";
  return { ...draft, kind, custom: kind === "custom" && isPreset ? presetChoices(draft.kind, day) : draft.custom };
};

/** What the fields say; null for a task that does not repeat. `before` is what a kept rule is kept from. */
export const repeatOf = (
  { kind, custom, basis, endDate }: Draft,
  day: CivilDay,
  before: Repeat | null,
): Repeat | null => {
  if (kind === "none") return null;
  if (kind === "kept") return before === null ? null : { ...before, basis, endDate };
  return { pattern: patternOf(kind === "custom" ? custom : presetChoices(kind, day)), basis, endDate };
};
