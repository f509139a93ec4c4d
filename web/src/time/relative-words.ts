const units = [
  ["year", 365.25 * 86_400],
  ["month", 30.44 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/**
 * How long ago an instant is: "now", "5 minutes ago", "yesterday". Coarse on purpose; the exact time is said elsewhere.
 */
export const relativeWords = (instant: string, now: number, locale: string): string => {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const seconds = Math.min(0, (Date.parse(instant) - now) / 1000);
  const [unit, length] = units.find(([, each]) => -seconds >= each) ?? ["second", Number.POSITIVE_INFINITY];
  return format.format(Math.ceil(seconds / length) || 0, unit);
};
