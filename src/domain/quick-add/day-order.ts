/** Where people write the month before the day (CLDR's short dates in English). */
const MONTH_FIRST = new Set(["US", "PH", "PR", "GU", "AS", "VI", "UM"]);

const AMERICAN_CITIES =
  "New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana/|Kentucky/|North_Dakota/|Juneau|Nome|Adak";
const AMERICAN_ZONES = new RegExp(`^(?:US/|Pacific/Honolulu$|America/(?:${AMERICAN_CITIES}))`);

/**
 * Whether `15/1` is the fifteenth of January: by the region of a language tag (`en-US`); without one, English in the
 * zones of America is American.
 */
export const isDayFirst = (language: string | undefined, zone: string): boolean => {
  const region = language?.split("-").find((part) => /^[A-Za-z]{2}$/.test(part) && part === part.toUpperCase());
  if (region !== undefined) return !MONTH_FIRST.has(region);
  return !((language ?? "en").startsWith("en") && AMERICAN_ZONES.test(zone));
};
