import packed from "moment-timezone/data/packed/latest.json" with { type: "json" };

/** The IANA release of the zone data, `2026f`. */
export const zoneDataVersion: string = packed.version;

/** Packed zones by their own name and by the names of their links. */
const packedByName = new Map<string, string>();
const nameByLowerCase = new Map<string, string>();

function add(name: string, zone: string): void {
  packedByName.set(name, zone);
  nameByLowerCase.set(name.toLowerCase(), name);
}

for (const zone of packed.zones) add(zone.slice(0, zone.indexOf("|")), zone);
for (const link of packed.links) {
  const [target, alias] = link.split("|") as [string, string];
  const zone = packedByName.get(target);
  if (zone === undefined) throw new Error(`time zone data: link ${alias} leads to no zone`);
  add(alias, zone);
}

/**
 * The name as the IANA database spells it (`europe/rome` → `Europe/Rome`); a link keeps its own name. Undefined when
 * there is no such zone.
 */
export function canonicalZone(name: string): string | undefined {
  return packedByName.has(name) ? name : nameByLowerCase.get(name.toLowerCase());
}

/** Whether the IANA database has this zone or link, in any case of letters. */
export function isTimeZone(name: string): boolean {
  return canonicalZone(name) !== undefined;
}

/** The packed line of a zone or link, spelled as `canonicalZone` answers it. */
export function packedZone(name: string): string | undefined {
  return packedByName.get(name);
}
