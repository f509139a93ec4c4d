export { canonicalZone, isTimeZone, zoneDataVersion } from "./time-zone/zone-names.ts";
export { UnknownTimeZone } from "./time-zone/zone.ts";
export { offsetAt, startOfDay, toCivil, toInstant } from "./time-zone/conversion.ts";
