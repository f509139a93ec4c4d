const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 6 * 3_600;
const MOST_ATTEMPTS = 9;

/**
 * Seconds until the next try after so many: 5 s, 15 s, 45 s, … and undefined when it has been tried often enough (some
 * nine hours).
 */
export const pauseAfter = (attempts: number): number | undefined =>
  attempts >= MOST_ATTEMPTS ? undefined : Math.min(LONGEST_SECONDS, FIRST_SECONDS * 3 ** (attempts - 1));
