/**
 * A zone in which it is about noon now: what is of today there is of today until the test has ended, at whatever hour
 * it runs.
 */
export const noonZone = (): string => {
  const ahead = 12 - new Date().getUTCHours();
  // The signs of these names are those of POSIX: Etc/GMT-2 is two hours ahead of UTC.
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
};
