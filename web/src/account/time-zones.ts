/** The zone this browser is in. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone the browser knows, with `present` even if it is not among them. */
export const zoneOptions = (present: string): { value: string; label: string }[] => {
  const zones = new Set([present, "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...zones].toSorted().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
};
