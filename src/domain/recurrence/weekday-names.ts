import { weekdayCodes } from "./rule.ts";

export const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

const numberByName = new Map<string, number>();
for (const [number, name] of weekdayNames.entries()) {
  for (const spelling of [weekdayCodes[number] as string, name.slice(0, 3), name])
    numberByName.set(spelling.toUpperCase(), number);
}

/** The number of a weekday called `MO`, `MON` or `Monday`, in any case; undefined for anything else. 0 = Monday. */
export function weekdayNumber(name: string): number | undefined {
  return numberByName.get(name.toUpperCase());
}
