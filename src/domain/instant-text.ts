/**
 * Whether a value is an instant as TaskFlow writes it (RFC 3339 in UTC with milliseconds) that a calendar has, and a
 * database too: neither February 30 nor the year 0.
 */
export const isInstantText = (value: unknown): value is string => {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-/.test(value)) return false;
  const moment = Date.parse(value);
  return !Number.isNaN(moment) && new Date(moment).toISOString() === value;
};
