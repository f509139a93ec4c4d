import { invalidField } from "../../../contract/problem.ts";
import { canonicalZone } from "../../../domain/time-zone.ts";

/** The zone as the IANA database spells it; refuses another with a 422 that names the field. */
export const readZone = (name: string): string => {
  const zone = canonicalZone(name);
  if (zone === undefined)
    throw invalidField("time_zone", "must be a name of the IANA time zone database, such as Europe/Rome");
  return zone;
};
