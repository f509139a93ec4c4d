import type { CivilDay } from "../../time/due-date.ts";
import { choicesFor, ordinalOf, patternOf, weekdayCode, type Choices } from "./choices.ts";

/** The usual ways to repeat, most common first. */
export const presetIds = [
  "daily",
  "weekdays",
  "weekly",
  "monthlyDay",
  "monthlyWeekday",
  "monthlyLastDay",
  "yearly",
] as const;
export type PresetId = (typeof presetIds)[number];

/** What a preset means for a task that is due on `day`. */
export const presetChoices = (id: PresetId, day: CivilDay): Choices => {
  const usual = choicesFor(day);
  switch (id) {
    case "daily":
      return { ...usual, unit: "day" };
    case "weekdays":
      return { ...usual, weekdays: ["MO", "TU", "WE", "TH", "FR"] };
    case "weekly":
      return usual;
    case "monthlyDay":
      return { ...usual, unit: "month" };
    case "monthlyWeekday":
      return {
        ...usual,
        unit: "month",
        monthDay: { by: "weekday", ordinal: ordinalOf(day), weekday: weekdayCode(day) },
      };
    case "monthlyLastDay":
      return { ...usual, unit: "month", monthDay: { by: "last-day" } };
    case "yearly":
      return { ...usual, unit: "year" };
  }
};

/** The preset that means the same as these choices, if any. */
export const presetOf = (choices: Choices, day: CivilDay): PresetId | null =>
  presetIds.find((id) => patternOf(presetChoices(id, day)) === patternOf(choices)) ?? null;
