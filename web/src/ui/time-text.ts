const written = /^(\d{1,2})(?:[:.h ]?(\d{2}))?h? ?(am|pm|a|p)?$/;

/**
 * Reads a time as people write it: `9`, `930`, `9:30`, `21h`, `9pm`. Answers `09:30` on a clock of 24 hours, or null
 * for what is none.
 */
export const readTime = (text: string): string | null => {
  const [, hourText, minuteText = "0", half] = written.exec(text.trim().toLowerCase().replaceAll(/\s+/g, " ")) ?? [];
  if (hourText === undefined) return null;
  const hour = half === undefined ? Number(hourText) : hourOfHalf(Number(hourText), half.startsWith("p"));
  const minute = Number(minuteText);
  return hour === null || hour > 23 || minute > 59 ? null : timeText(hour * 60 + minute);
};

const hourOfHalf = (hour: number, isAfternoon: boolean): number | null => {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (isAfternoon ? 12 : 0);
};

/** The next or last quarter of an hour; from nothing it is nine in the morning. */
export const stepTime = (time: string | null, step: 1 | -1): string => {
  if (time === null) return "09:00";
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const quarter = step === 1 ? Math.floor(minutes / 15) + 1 : Math.ceil(minutes / 15) - 1;
  return timeText((quarter * 15 + dayMinutes) % dayMinutes);
};

const dayMinutes = 24 * 60;
const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
